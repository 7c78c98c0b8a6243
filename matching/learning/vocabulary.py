"""What people read for the codes of the glossary and of the engine's channels."""

from django.utils.translation import gettext_lazy as _

GLOSSARY_FIELDS = {
    "metals": _("금속·소재"),
    "process": _("가공·공정"),
    "chemistry_materials": _("화학·소재"),
    "electronics_sensors": _("전자·센서"),
    "energy_environment": _("에너지·환경"),
    "machinery": _("기계·설비"),
    "ict_ai": _("정보통신·인공지능"),
    "space_aero": _("우주·항공"),
    "medical_devices": _("의료기기"),
    "bio_pharma": _("바이오·의약"),
    "food_agri": _("식품·농업"),
    "marine_arctic_construction": _("해양·극지·건설"),
    "general": _("공통"),
}

CHANNEL_LABELS = {
    "semantic": _("뜻이 가까운 정도"),
    "readings": _("한자어"),
    "loan_words": _("외래어"),
    "neutral": _("기호·수치"),
    "concepts": _("용어집의 개념"),
}
