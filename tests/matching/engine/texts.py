"""Invented demands and offers of eight subjects. An offer's key begins with the key of the demand that it answers;
keys that end in "-near" are of the same field and would not solve it."""

from matching.engine.documents import Document

DEMANDS = [
    Document(
        "열처리 변형 저감",
        "대형 기어의 침탄 열처리 후 변형을 0.05 mm 이하로 줄이고 싶습니다. 현재는 연삭 여유를 크게 두어 "
        "원가가 높습니다. 로 내 온도 편차를 줄이는 방법도 환영합니다.",
        "ko",
        fields=("metals",),
        stage="trl7",
        key="steel",
    ),
    Document(
        "해수 담수화용 역삼투막 오염 방지",
        "해수 담수화 설비에서 역삼투막의 생물 오염이 심해 세정 주기가 짧습니다. 막 표면을 개질하여 세정 "
        "주기를 두 배로 늘리는 기술을 찾습니다.",
        "ko",
        fields=("water",),
        key="membrane",
    ),
    Document(
        "과수원 자율주행 방제 로봇",
        "경사가 있는 사과 과수원에서 스스로 주행하며 농약을 살포하는 로봇이 필요합니다. 위성 신호가 약한 "
        "곳에서도 위치 오차 10 cm 이내여야 합니다.",
        "ko",
        fields=("agriculture",),
        key="orchard",
    ),
    Document(
        "고체 전해질 전고체 전지",
        "황화물계 고체 전해질의 이온 전도도를 높이고 대기 중 수분 안정성을 확보하고자 합니다. 리튬 "
        "덴드라이트 억제 기술도 필요합니다.",
        "ko",
        fields=("energy",),
        key="battery",
    ),
    Document(
        "초음파 기반 용접부 비파괴 검사",
        "두꺼운 배관 용접부의 내부 균열을 위상배열 초음파로 자동 검사하는 장비를 개발하고 있습니다. 결함 "
        "판정을 인공지능으로 자동화하고 싶습니다.",
        "ko",
        fields=("inspection",),
        key="weld",
    ),
    Document(
        "플라즈마 표면 처리로 접착력 향상",
        "탄소섬유 복합재를 접착하기 전에 대기압 플라즈마로 표면을 활성화하는 공정이 필요합니다.",
        "ko",
        fields=("process",),
        key="plasma",
    ),
    Document(
        "치매 조기 진단용 혈액 검사",
        "혈액 속의 아밀로이드 단백질을 극미량까지 측정하여 치매를 조기에 진단하는 센서를 찾습니다.",
        "ko",
        fields=("medical",),
        key="dementia",
    ),
    Document(
        "해상 풍력 터빈 기초 세굴 방지",
        "해상 풍력 발전기 기초 주변의 세굴을 감시하고 막는 공법이 필요합니다. 수심은 30 m 정도입니다.",
        "ko",
        fields=("marine",),
        key="scour",
    ),
]

OFFERS = [
    Document(
        "Вакуумная цементация с закалкой в газе под давлением",
        "Технология термической обработки зубчатых колёс обеспечивает коробление не более 0,03 мм. "
        "Температура в печи поддерживается с отклонением ±3 °С. Припуск на шлифование сокращён вдвое.",
        "ru",
        stage="trl8",
        key="steel-ru",
    ),
    Document(
        "歯車の低ひずみ浸炭熱処理",
        "真空浸炭炉とガス冷却を組み合わせ、大型歯車の熱処理変形を抑える。炉内温度の偏差は±3℃である。",
        "ja",
        key="steel-ja",
    ),
    Document(
        "大型齿轮渗碳热处理变形控制技术",
        "采用分段加热和压力淬火，使齿轮热处理变形小于0.04 mm，减少磨削余量。",
        "zh",
        key="steel-zh",
    ),
    Document(
        "Алюминиевый сплав для литья поршней",
        "Состав сплава повышает жидкотекучесть расплава и снижает пористость отливок.",
        "ru",
        key="steel-ru-near",
    ),
    Document(
        "Гидрофильное покрытие обратноосмотических мембран",
        "Покрытие препятствует биообрастанию мембран при опреснении морской воды и удлиняет период между "
        "промывками в два с половиной раза.",
        "ru",
        key="membrane-ru",
    ),
    Document(
        "海水淡化反渗透膜的抗污染表面改性",
        "在膜表面接枝两性离子聚合物，抑制生物污染，清洗周期延长一倍以上。",
        "zh",
        key="membrane-zh",
    ),
    Document(
        "海水淡水化プラント用ポンプの省エネルギー化",
        "高圧ポンプの回転数制御により、電力消費を一割削減する。",
        "ja",
        key="membrane-ja-near",
    ),
    Document(
        "Autonomous sprayer for sloped orchards",
        "The robot drives itself between rows of apple trees and sprays pesticide. Lidar and wheel "
        "odometry keep the position error below 8 cm when satellite signals are blocked.",
        "en",
        key="orchard-en",
    ),
    Document(
        "傾斜地果樹園向け自律走行防除ロボット",
        "衛星信号が弱い場所でもLiDARで自己位置を推定し、農薬を自動散布する。",
        "ja",
        key="orchard-ja",
    ),
    Document(
        "温室番茄采摘机械手",
        "双目相机识别成熟番茄，柔性夹爪采摘，适用于平坦温室。",
        "zh",
        key="orchard-zh-near",
    ),
    Document(
        "硫化物系固体電解質の耐湿性向上",
        "粒子表面を酸化物で被覆し、大気中の水分に対する安定性とイオン伝導度を両立する。リチウムの樹枝状析出を抑える。",
        "ja",
        key="battery-ja",
    ),
    Document(
        "Sulfide solid electrolytes stable in humid air",
        "A dopant raises the ionic conductivity above 10 mS/cm and slows down the release of hydrogen "
        "sulfide. Lithium dendrites are suppressed by an interlayer.",
        "en",
        key="battery-en",
    ),
    Document(
        "Свинцово-кислотный аккумулятор для складской техники",
        "Увеличен срок службы пластин, зарядка занимает шесть часов.",
        "ru",
        key="battery-ru-near",
    ),
    Document(
        "Автоматический контроль сварных швов фазированной решёткой",
        "Ультразвуковой сканер обходит трубопровод и обнаруживает внутренние трещины, нейронная сеть "
        "классифицирует дефекты.",
        "ru",
        key="weld-ru",
    ),
    Document(
        "Deep learning for phased-array ultrasonic weld inspection",
        "Defects in thick pipe welds are detected and sized automatically from raw echo data.",
        "en",
        key="weld-en",
    ),
    Document(
        "激光焊接头振镜控制器",
        "用于薄板高速焊接的振镜控制器，支持在线调焦。",
        "zh",
        key="weld-zh-near",
    ),
    Document(
        "Обработка углепластика плазмой атмосферного давления",
        "Плазма активирует поверхность композита перед склеиванием, прочность клеевого соединения растёт "
        "в полтора раза.",
        "ru",
        key="plasma-ru",
    ),
    Document(
        "大気圧プラズマによる炭素繊維複合材の表面活性化",
        "接着前の表面処理により接着強度を高める。ロボットに搭載できる。",
        "ja",
        key="plasma-ja",
    ),
    Document(
        "Atmospheric plasma pretreatment of composites before bonding",
        "Carbon fibre surfaces are activated in line, without solvents.",
        "en",
        key="plasma-en",
    ),
    Document(
        "血液中淀粉样蛋白超灵敏检测芯片",
        "可在血液中检测极微量淀粉样蛋白，用于阿尔茨海默病的早期诊断。",
        "zh",
        key="dementia-zh",
    ),
    Document(
        "Blood test for early detection of dementia",
        "A single-molecule sensor measures amyloid proteins in blood plasma at very low concentrations.",
        "en",
        key="dementia-en",
    ),
    Document(
        "Тренажёр для реабилитации после инсульта",
        "Устройство восстанавливает подвижность кисти пациента.",
        "ru",
        key="dementia-ru-near",
    ),
    Document(
        "Monitoring and protection against scour at offshore wind foundations",
        "Sonar heads watch the sea bed around the monopile, and rock bags are placed before the scour hole grows.",
        "en",
        key="scour-en",
    ),
    Document(
        "Система наблюдения за размывом дна у опор морских ветроустановок",
        "Гидроакустические датчики следят за размывом грунта у основания ветрогенератора на глубине до 40 м.",
        "ru",
        key="scour-ru",
    ),
    Document(
        "풍력 발전기 블레이드 결빙 감시",
        "블레이드 표면의 결빙을 카메라로 감시하여 발전기를 멈춥니다.",
        "ko",
        key="scour-ko-near",
    ),
    Document(
        "사과 자동 선별기",
        "사과의 당도와 색을 재어 등급별로 나눕니다. 농가에서 쓰기 쉽습니다.",
        "ko",
        key="orchard-ko-near",
    ),
]
