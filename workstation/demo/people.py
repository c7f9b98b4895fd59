"""The generated people of the demo clinic, with what each visit shows: none of them exists."""

from dataclasses import dataclass
from datetime import date

Load = tuple[tuple[str, int], ...]

FACE_VIEWS = ("front", "left45", "right45", "chin_up", "hairline")
TRUNK_VIEWS = ("chest", "upper_back", "shoulders")
VIEWS = FACE_VIEWS + TRUNK_VIEWS


@dataclass(frozen=True, slots=True)
class Address:
    """An invented postal address in the United States."""

    street: str
    city: str
    state: str
    zip: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One consultation: when it came, the lesions there are, and the photos sent."""

    number: int
    day: date
    face: Load
    trunk: Load
    views: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]  # (view, blurred | dark | small)
    extras: tuple[tuple[str, str], ...]  # (view, large | gps | png | heic)

    @property
    def trunk_zones(self) -> tuple[str, ...]:
        """Zones of the trunk that the supplied views show."""
        return tuple(v for v in self.views if v in TRUNK_VIEWS) or TRUNK_VIEWS

    def fault(self, view: str) -> str:
        """What is wrong with the photo of a view, or nothing."""
        return dict(self.faults).get(view, "")

    def extra(self, view: str) -> str:
        """What is unusual in the photo file of a view, or nothing."""
        return dict(self.extras).get(view, "")


@dataclass(frozen=True, slots=True)
class Person:
    """A generated person."""

    key: str
    family: str
    given: str
    title: str
    sex: str  # recorded: female, male
    sex_at_birth: str
    born: date
    mrn: str
    address: Address
    phone: str
    request: str
    story: str
    tone: str  # light, medium, dark, deep
    hair: str
    style: str  # tied, short, curly, long, veil, shaved
    build: str  # slim, medium, broad
    beard: float
    native_name: str
    spread: str  # where its lesions sit: "" all over, or a row of `drawing.lesions.SPREADS`
    visits: tuple[Visit, ...]

    @property
    def listed(self) -> str:
        """The name as a list shows it."""
        return f"{self.family.upper()}, {self.given}"

    def visit(self, number: int) -> Visit:
        """The visit of that number."""
        return self.visits[number - 1]


def _load(text: str) -> Load:
    """Read `PA9 NO2` as counts by lesion type."""
    return tuple(
        (word.rstrip("0123456789"), int(word.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
        for word in text.split()
    )


def _visits(*rows: tuple[str, str, str, str]) -> tuple[Visit, ...]:
    """Rows of (day, face load, trunk load, photos); a photo is `view`, `view!fault` or `view+extra`."""
    visits = []
    for number, (day, face, trunk, photos) in enumerate(rows, 1):
        faults = tuple((v, f) for v, _, f in (w.partition("!") for w in photos.split()) if f)
        extras = tuple((v, e) for v, _, e in (w.partition("+") for w in photos.split()) if e)
        views = tuple(w.partition("!")[0].partition("+")[0] for w in photos.split())
        visits.append(
            Visit(number, date.fromisoformat(day), _load(face), _load(trunk), views, faults, extras)
        )
    return tuple(visits)


def _person(
    key: str,
    who: str,
    where: str,
    look: str,
    story: str,
    *visits: tuple[str, str, str, str],
    native: str = "",
    sex_at_birth: str = "",
    beard: float = 0.0,
    spread: str = "",
) -> Person:
    """Read one entry whose texts are rows of fields parted by bars, named below."""
    family, given, title, sex, born = who.split("|")
    street, city, state, code, mrn, line = where.split("|")
    request, tone, hair, style, build = look.split("|")
    return Person(
        key=key,
        family=family,
        given=given,
        title=title,
        sex=sex,
        sex_at_birth=sex_at_birth or sex,
        born=date.fromisoformat(born),
        mrn=f"MK-{mrn}",
        address=Address(street, city, state, code),
        phone=f"+1 503 555 01{line}",
        request=request,
        story=story,
        tone=tone,
        hair=hair,
        style=style,
        build=build,
        beard=beard,
        native_name=native,
        spread=spread,
        visits=_visits(*visits),
    )


_THREE = "front left45 right45"
_FOUR = "front left45 right45 chin_up"

PEOPLE: tuple[Person, ...] = (
    _person(
        "marsh-elena", "Marsh|Elena|Ms|female|2003-03-14", "1840 Alder Court|Portland|OR|97214|204 817|10",
        "isotretinoin_start|light|brown|tied|medium", "First test done a month ago, second in the window: ready for the first prescription.",
        ("2026-10-21", "CO7 CC6 PA11 PU7 NO6 CY1 SCB2 SCI1 PIH3", "PA3 PU1 NO1", "front left45+gps right45 chin_up chest"),
        ("2026-11-21", "CO8 CC6 PA10 PU8 NO6 CY2 SCB2 SCI1 PIH4", "PA4 PU2 NO1 PIH1", "front+large left45 right45 chin_up hairline chest upper_back!blurred"),
    ),
    _person(
        "nwosu-ifeoma", "Nwosu|Ifeoma|Ms|female|2000-01-17", "77 Harbor Steps|Seattle|WA|98101|311 052|11",
        "isotretinoin_start|deep|black|tied|medium", "First visit, severe nodular acne, can become pregnant: needs the work-up.",
        ("2026-11-22", "CO6 CC8 PA12 PU7 NO7 CY2 SCI2 SCB2 SCK1 PIH9", "CO3 PA6 PU3 NO2 PIH5", "front+large left45 right45 chin_up hairline chest upper_back shoulders"),
    ),
    _person(
        "lindqvist-astrid", "Lindqvist|Åstrid|Ms|female|1998-06-02", "502 Birch Lane|Eugene|OR|97401|187 440|12",
        "isotretinoin_month|light|blond|tied|slim", "Month 4, nothing changed, tests in order: the quick follow-up.",
        ("2026-07-24", "CO6 CC5 PA10 PU7 NO6 CY1 SCB2 PIE3", "PA5 PU3 NO1", "front left45 right45 chin_up chest upper_back"),
        ("2026-08-23", "CO6 CC5 PA14 PU10 NO6 CY1 SCB2 PIE4", "PA6 PU4 NO1", _FOUR),
        ("2026-09-22", "CO4 CC3 PA8 PU4 NO3 SCB3 PIE7", "PA4 PU1 PIE3", _FOUR),
        ("2026-10-22", "CO2 CC2 PA5 PU2 NO1 SCB3 SCR1 PIE8", "PA2 PIE4", _FOUR),
        ("2026-11-21", "CO1 CC1 PA3 PU1 SCB3 SCR1 PIE8", "PA1 PIE4", "front+large left45 right45 chin_up chest"),
    ),
    _person(
        "kowalczyk-piotr", "Kowalczyk|Piotr|Mr|male|2001-09-19", "29 Mill Road|Spokane|WA|99201|198 233|13",
        "isotretinoin_month|light|dark brown|short|broad", "Month 5, back almost clear, new capsules due.",
        ("2026-06-25", "CO5 CC4 PA9 PU8 NO5 CY2 SCI2 SCR1 PIE2", "CO6 PA12 PU7 NO4 CY1 SCB3 SCH1", "front left45 right45 chest upper_back shoulders"),
        ("2026-07-25", "CO5 CC4 PA12 PU10 NO6 CY2 SCI2 SCR2 PIE4", "CO6 PA14 PU9 NO5 CY1 SCB3 SCH1", "front left45 right45 upper_back"),
        ("2026-08-24", "CO3 CC3 PA8 PU5 NO3 CY1 SCI2 SCR2 PIE6", "CO4 PA9 PU4 NO2 SCB4 SCH1 PIE5", "front left45 right45 upper_back"),
        ("2026-09-23", "CO2 CC2 PA5 PU2 NO1 SCI2 SCR3 PIE7", "CO3 PA6 PU2 NO1 SCB4 SCH1 PIE7", "front left45 right45 upper_back"),
        ("2026-10-23", "CO1 CC1 PA3 PU1 SCI2 SCR3 PIE7", "CO2 PA4 PU1 SCB4 SCH1 PIE8", "front left45 right45 upper_back"),
        ("2026-11-22", "CO1 PA2 SCI2 SCR3 PIE6", "CO1 PA2 SCB4 SCH1 PIE7", "front+large left45 right45 chin_up upper_back"),
        beard=0.35,
    ),
    _person(
        "halvorsen-mia", "Halvorsen|Mia|Ms|female|1996-02-27", "8 Quarry View|Salem|OR|97301|220 615|14",
        "isotretinoin_month|light|blond|long|slim", "The monthly pregnancy test is positive while on isotretinoin.",
        ("2026-09-22", "CO4 CC5 PA9 PU5 NO4 CY2 SCI1 PIE3", "", _THREE),
        ("2026-10-22", "CO3 CC4 PA11 PU6 NO4 CY1 SCI1 PIE4", "", _THREE),
        ("2026-11-22", "CO2 CC2 PA6 PU2 NO2 SCI2 PIE6", "", _THREE),
    ),
    _person(
        "becker-jonas", "Becker|Jonas|Mr|male|2004-12-05", "611 Canyon Drive|Austin|TX|78701|233 908|15",
        "isotretinoin_month|light|auburn|short|medium", "Writes of suicidal thoughts with a plan on the month form.",
        ("2026-10-24", "CO5 CC3 PA8 PU6 NO5 CY1 SCB1 PIE3", "PA5 PU2 NO1", "front left45 right45 upper_back"),
        ("2026-11-23", "CO4 CC3 PA10 PU8 NO4 CY1 SCB1 EXC2 PIE4", "PA6 PU2 NO1", "front left45 right45 upper_back"),
        beard=0.15,
    ),
    _person(
        "carter-amara", "Carter|Amara|Ms|female|1999-08-08", "1204 Palm Terrace|Tampa|FL|33602|241 377|16",
        "isotretinoin_month|dark|black|curly|medium", "Item 9 of the PHQ-9 is 1; the rest of month 2 is in order.",
        ("2026-10-23", "CO5 CC6 PA10 PU5 NO4 CY1 SCI2 PIH8", "", _FOUR),
        ("2026-11-22", "CO3 CC4 PA7 PU3 NO2 SCI2 EXC1 PIH11", "", _FOUR),
    ),
    _person(
        "oyelaran-tunde", "Oyelaran|Tunde|Mr|male|2009-05-30", "45 Ferry Street|Brooklyn|NY|11201|255 164|17",
        "isotretinoin_start|deep|black|short|slim", "Seventeen; the dated consent of a guardian is missing.",
        ("2026-11-22", "CO8 CC9 PA12 PU8 NO5 CY1 SCI3 SCB1 PIH8", "CO3 PA6 PU3 NO1 PIH4", "front left45 right45 chin_up upper_back"),
    ),
    _person(
        "abernathy-grace", "Abernathy|Grace|Ms|female|1995-11-11", "310 Orchard Street|Bend|OR|97701|262 590|18",
        "isotretinoin_start|light|auburn|long|medium", "Still takes doxycycline: stop before isotretinoin.",
        ("2026-11-21", "CO4 CC6 PA9 PU6 NO5 CY1 SCB2 SCR1 PIE4", "", _FOUR),
    ),
    _person(
        "de-souza-caio", "de Souza|Caio|Mr|male|1997-07-21", "2650 Mission Walk|San Diego|CA|92101|274 021|19",
        "isotretinoin_month|dark|black|curly|broad", "ALT has risen since last month.",
        ("2026-10-22", "CO4 CC4 PA9 PU6 NO5 CY1 SCI1 PIH5", "PA6 PU3 NO2", "front left45 right45+gps chest"),
        ("2026-11-21", "CO3 CC3 PA7 PU4 NO3 SCI1 PIH7", "PA4 PU1 NO1 PIH3", "front left45 right45 chest"),
        beard=0.8,
    ),
    _person(
        "al-hashimi-noor", "Al-Hashimi|Noor|Ms|female|2002-04-09", "93 Lantern Way|Houston|TX|77002|288 735|20",
        "isotretinoin_month|medium|black|veil|medium", "Month 1: the seven-day window for picking up closes soon.",
        ("2026-10-21", "CO5 CC4 PA8 PU5 NO6 CY1 PIH4", "", _THREE),
        ("2026-11-20", "CO4 CC4 PA11 PU7 NO5 CY1 PIH5", "", _THREE),
        native="نور الهاشمي",
    ),
    _person(
        "park-jun-ho", "Park|Jun-ho|Mr|male|2005-01-26", "18 Garden Row|Los Angeles|CA|90012|295 846|21",
        "acne|medium|black|short|slim", "New, mild to moderate acne of the forehead and cheeks.",
        ("2026-11-23", "CO9 CC11 PA9 PU5 PIH2", "", _FOUR),
        native="박준호",
    ),
    _person(
        "ramirez-lucia", "Ramírez|Lucía|Ms|female|1994-10-03", "740 Vine Street|San Antonio|TX|78205|303 118|22",
        "isotretinoin_end|medium|dark brown|tied|broad", "The course is at its end: last test a month from now.",
        ("2026-05-25", "CO5 CC5 PA10 PU6 NO5 CY2 SCB1 SCI1 PIH4", "", _FOUR),
        ("2026-08-23", "CO2 CC2 PA5 PU2 NO1 SCB3 SCI2 PIH8", "", _FOUR),
        ("2026-11-21", "CO1 CC1 SCB3 SCI2 SCR1 PIH5", "", _FOUR),
    ),
    _person(
        "okafor-daniel", "Okafor|Daniel|Mr|male|2000-03-23", "56 Station Road|Albany|NY|12207|312 479|23",
        "acne|deep|black|shaved|broad", "Sent no photo of either cheek.",
        ("2026-11-22", "CO6 CC7 PA9 PU4 NO1 SCK1 PIH6", "", "front+large chin_up"),
        beard=0.6,
    ),
    _person(
        "nguyen-minh-duc", "Nguyễn|Minh Đức|Mr|male|2003-06-18", "1515 Cedar Avenue|San Jose|CA|95113|320 554|24",
        "isotretinoin_start|medium|black|short|medium", "Severe nodular acne, baseline tests done, nothing stands in the way.",
        ("2026-11-20", "CO6 CC5 PA11 PU8 NO9 CY3 SCI2 SCB2 SCH1 PIE5", "CO4 PA9 PU5 NO4 CY1 SCB2 PIE3", "front+large left45 right45 chest upper_back shoulders"),
        beard=0.1,
    ),
    _person(
        "march-elena", "March|Elena|Ms|female|2003-04-13", "1804 Alder Street|Portland|OR|97214|204 871|25",
        "acne|medium|dark brown|long|slim", "Mild acne; her name is almost that of another patient.",
        ("2026-11-22", "CO7 CC8 PA5 PU2 PIE2", "", _THREE),
    ),
    _person(
        "papadopoulou-eleni", "Παπαδοπούλου|Ελένη|Mrs|female|1984-01-09", "220 Olive Hill|Tacoma|WA|98402|331 607|26",
        "melasma|medium|dark brown|tied|medium", "Brown patches on both cheeks since her second child.",
        ("2026-11-20", "CO2", "", _THREE),
    ),
    _person(
        "shevchenko-oksana", "Шевченко|Оксана|Mrs|female|1979-12-01", "67 Linden Square|Vancouver|WA|98660|340 912|27",
        "hair_loss|light|brown|tied|medium", "The parting has been getting wider for two years.",
        ("2026-11-21", "", "", "front hairline"),
    ),
    _person(
        "quartermaine-rosalind", "Quartermainehollowbridgefeatherstonewick|Rosalind|Dr|female|1974-03-02", "12 Cathedral Close|Miami|FL|33130|351 283|28",
        "anti_ageing|dark|grey|short|medium", "Asks for tretinoin for fine lines; a very long name.",
        ("2026-11-23", "PIH2", "", _THREE),
    ),
    _person(
        "odonnell-siobhan", "O’Donnell-Smyth|Siobhán|Ms|female|1985-08-17", "430 Clover Street|Buffalo|NY|14202|360 195|29",
        "rosacea|light|auburn|tied|medium", "Flushing, fine vessels and papules of the middle of the face.",
        ("2026-11-22", "PA8 PU5", "", _THREE),
    ),
    _person(
        "zolkowska-wiktoria", "Żółkowska|Wiktoria|Ms|female|1990-05-25", "5 Weaver Lane|Eugene|OR|97402|372 648|30",
        "lashes|light|blond|long|slim", "Sparse lashes; asks for bimatoprost.",
        ("2026-11-20", "CO3", "", "front left45"),
    ),
    _person(
        "iversen-bjorn", "Iversen|Bjørn|Mr|male|1983-02-14", "988 Fjord Avenue|Seattle|WA|98109|381 770|31",
        "hair_loss|light|brown|short|medium", "The hairline goes back; asks for finasteride.",
        ("2026-11-23", "CO2", "", "front hairline+png"),
        beard=0.5,
    ),
    _person(
        "reyes-mateo", "Reyes|Mateo|Mr|male|2001-10-29", "31 Sunset Steps|Oakland|CA|94607|394 026|32",
        "isotretinoin_start|medium|dark brown|short|slim", "Trans man on testosterone, has a uterus: can become pregnant.",
        ("2026-11-21", "CO6 CC5 PA11 PU7 NO6 CY1 SCI1 PIH4", "", _FOUR),
        sex_at_birth="female", beard=0.2,
    ),
    _person(
        "delacroix-camille", "Delacroix|Camille|Ms|female|1993-09-06", "84 Bayou Street|Orlando|FL|32801|402 359|33",
        "acne|dark|dark brown|long|medium", "Trans woman, mild acne along the jaw; recorded sex differs from birth.",
        ("2026-11-22", "CO5 CC6 PA7 PU3 PIH5", "", _THREE),
        sex_at_birth="male",
    ),
    _person(
        "singh-arjun", "Singh|Arjun|Mr|male|2012-07-12", "2 Maple Green|Fresno|CA|93721|413 582|34",
        "acne|dark|black|short|slim", "Fourteen, with his father; comedones and papules.",
        ("2026-11-23", "CO12 CC13 PA8 PU4 PIH3", "", "front left45+heic right45 chin_up"),
    ),
    _person(
        "abebe-hiwot", "Abebe|Hiwot|Ms|female|1988-06-24", "109 Coral Way|Miami|FL|33129|421 940|35",
        "melasma|deep|black|curly|slim", "Melasma of cheeks and forehead; sunscreen every day.",
        ("2026-11-21", "CC2 PIH3", "", _THREE),
    ),
    _person(
        "tremblay-zoe", "Tremblay|Zoë|Ms|female|2006-02-03", "750 River Bend|Dallas|TX|75201|433 215|36",
        "acne|light|dark brown|tied|broad", "Photos blurred, dark and too small: ask for new ones.",
        ("2026-11-22", "CO6 CC7 PA9 PU6 NO1 EXC4 PIE3", "", "front!small left45!blurred right45!dark chin_up!small"),
    ),
    _person(
        "mwangi-wanjiru", "Mwangi|Wanjirũ|Ms|female|1992-12-19", "64 Juniper Place|New York|NY|10007|445 861|37",
        "acne|deep|black|shaved|medium", "Several answers of the form are missing.",
        ("2026-11-20", "CO5 CC7 PA8 PU3 SCI2 EXC2 PIH9", "", "front left45 right45!dark"),
    ),
    _person(
        "brandt-samuel", "Brandt|Samuel|Mr|male|2002-05-11", "27 Larch Street|Portland|OR|97212|457 306|38",
        "isotretinoin_start|light|brown|short|medium", "Forty lesions on three photos, baseline tests done: the ordinary consultation.",
        ("2026-11-21", "CO8 CC8 PA12 PU8 NO9", "", _THREE),
        spread="t_zone",
    ),
    _person(
        "vega-marisol", "Vega|Marisol|Ms|female|1997-02-08", "1310 Poplar Road|Medford|OR|97501|468 519|39",
        "isotretinoin_start|medium|black|tied|slim", "As ordinary, the second pregnancy test is not on record and two answers need a word.",
        ("2026-11-21", "CO8 CC9 PA10 PU9 NO7", "", _THREE),
        spread="t_zone",
    ),
)  # fmt: skip


def person(key: str) -> Person:
    """The person of that key."""
    return next(p for p in PEOPLE if p.key == key)
