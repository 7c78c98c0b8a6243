"""Which help belongs to which page: the name of an address leads to a topic, the topic to a text of the office."""

from __future__ import annotations

# Topics with the names of the addresses that they explain. A topic is the text `help-<topic>`.
EVERYBODY: dict[str, tuple[str, ...]] = {
    "home": ("home", "page", "page_version", "announcement_list", "announcement", "faq"),
    "technologies": ("technology_list", "technology_detail", "bookmark_list"),
    "join": ("account_signup", "join_company", "join_details", "withdraw_join", "accept_invitation"),
    "accounts": (
        "account_login", "account_logout", "account_inactive", "account_email", "account_email_verification_sent",
        "account_confirm_email", "account_reauthenticate", "account_change_password", "account_set_password",
        "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    ),
    "inquiries": ("inquiry",),
}  # fmt: skip
COMPANIES: dict[str, tuple[str, ...]] = {
    "demands": (
        "my_demands", "new_demand", "demand_step", "submit_demand", "my_demand", "withdraw_demand", "discard_demand",
    ),
    "recommendations": ("answer_recommendation",),
    "members": (
        "company_home", "edit_own_company", "choose_company", "decide_join", "invite_colleague", "revoke_invitation",
        "change_membership", "end_membership",
    ),
    "my-projects": ("my_projects", "my_project"),
}  # fmt: skip
STAFF: dict[str, tuple[str, ...]] = {
    "queue": ("whole_queue", "my_queue", "add_demand", "edit_demand"),
    "triage": ("demand_detail", "demand_history", "candidate", "correct", "decide_many", "find_technology"),
    "release": ("release",),
    "matching-quality": ("matching_quality", "weight_sets", "weight_set", "activate_weights", "retire_weights"),
    "glossary": (
        "glossary", "glossary_concepts", "propose_terms", "glossary_proposal", "answer_proposal", "retire_terms",
    ),
    "technology-upkeep": (
        "technology_upkeep", "add_technology", "edit_technology", "technology_preview", "technology_history",
        "publish_technology", "retire_technology", "restore_technology", "add_technology_picture",
        "remove_technology_picture",
    ),
    "imports": ("import_list", "new_import", "import_detail", "confirm_import", "cancel_import"),
    "institutions": (
        "institution_list", "institution_detail", "add_institution", "edit_institution", "retire_institution",
        "restore_institution", "institution_history", "institution_doubles", "merge_institutions",
    ),
    "companies": (
        "company_list", "company_detail", "add_company", "edit_company", "retire_company", "restore_company",
        "company_history", "company_doubles", "merge_companies", "join_request_list", "confirm_join",
    ),
    "experts": ("expert_list", "expert_detail", "add_expert", "edit_expert", "expert_history", "retire_expert",
                "restore_expert"),
    "projects": (
        "project_list", "project_detail", "add_project", "edit_project", "project_history", "retire_project",
        "restore_project", "edit_result", "result_preview", "finalise_result", "reopen_result", "add_figure",
        "edit_figure", "remove_figure", "add_result_picture", "remove_result_picture",
    ),
    "pages": (
        "page_upkeep", "edit_page", "page_history", "publish_page", "discard_draft", "withdraw_page", "restore_page",
        "add_announcement", "add_question",
    ),
    "answers": ("inquiry_list", "answer_inquiry"),
    "failed-work": ("failed_work",),
}  # fmt: skip

TOPICS = (*EVERYBODY, *COMPANIES, *STAFF)
TOPIC_OF = {name: topic for group in (EVERYBODY, COMPANIES, STAFF) for topic, names in group.items() for name in names}
