"""Names, places, products and phrases that the made-up company is put together from."""

from dataclasses import dataclass

WOMEN = (
    "Ayşe", "Fatma", "Elif", "Zeynep", "Merve", "Esra", "Büşra", "Özlem", "Gül", "Şeyma",
    "Hatice", "Emine", "Derya", "Sevgi", "İrem", "Ceren", "Nazlı", "Tuğba", "Çiğdem", "Işıl",
)  # fmt: skip
MEN = (
    "Mehmet", "Mustafa", "Ahmet", "Ali", "Hüseyin", "Emre", "Burak", "Çağrı", "Oğuz", "Şükrü",
    "İbrahim", "Ömer", "Yusuf", "Kemal", "Uğur", "Gökhan", "Tolga", "Serkan", "Barış", "Ilgaz",
)  # fmt: skip
FAMILIES = (
    "Yılmaz", "Kaya", "Demir", "Çelik", "Şahin", "Yıldız", "Yıldırım", "Öztürk", "Aydın",
    "Arslan", "Doğan", "Kılıç", "Aslan", "Çetin", "Kara", "Koç", "Kurt", "Özkan", "Şimşek",
    "Özdemir", "Işık", "Güneş", "Aksoy", "Ünal", "Erdoğan", "Bulut", "Taş", "Tekin",
    "Güler", "Ateş",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A district, its province and the number of the latter on plates and in postal codes."""

    district: str
    city: str
    code: int


PLACES = (
    Place("Kadıköy", "İstanbul", 34),
    Place("Üsküdar", "İstanbul", 34),
    Place("Beşiktaş", "İstanbul", 34),
    Place("Çankaya", "Ankara", 6),
    Place("Keçiören", "Ankara", 6),
    Place("Karşıyaka", "İzmir", 35),
    Place("Bornova", "İzmir", 35),
    Place("Nilüfer", "Bursa", 16),
    Place("Muratpaşa", "Antalya", 7),
    Place("Seyhan", "Adana", 1),
    Place("Şahinbey", "Gaziantep", 27),
    Place("Tepebaşı", "Eskişehir", 26),
)
STREETS = ("Atatürk Cad.", "Cumhuriyet Cad.", "Gül Sok.", "Çınar Sok.", "İnönü Bulv.", "Lale Sok.")
MOBILE_PREFIXES = ("530", "532", "533", "535", "536", "541", "542", "543", "544", "505", "506")


@dataclass(frozen=True)
class Product:
    """What the company sells, with its price in kuruş, KDV included."""

    code: str
    price: int
    is_spare_part: bool = False


PRODUCTS = (
    Product("washing machine WM-9 kg", 2_149_900),
    Product("refrigerator NF-480", 3_299_900),
    Product("dishwasher DW-14", 1_899_900),
    Product("oven O-72", 1_549_900),
    Product("tumble dryer TD-8", 2_399_900),
    Product("vacuum cleaner VC-3", 649_900),
    Product("espresso machine EM-2", 899_900),
    Product("iron SI-26", 189_900),
    Product("water filter F-1", 34_900, is_spare_part=True),
    Product("door gasket G-9", 79_900, is_spare_part=True),
    Product("drain pump P-14", 119_900, is_spare_part=True),
)
SHOPS = ("Yıldız AVM", "Kardeşler Elektrik", "Ev Dünyası", "Merkez Bayii")
METHODS = (("credit_card", 9), ("credit_card", 1), ("transfer", 1), ("cash", 1))  # and instalments
SOURCES = ("a friend", "search engine", "shop window", "newspaper", None)
AGENTS = ("Deniz", "Selin", "Kaan", "Pelin")

TROUBLE = (
    ("product", "Makine su alıyor ama dönmüyor", "Üçüncü yıkamada durdu, kapağı da açılmıyor."),
    ("delivery", "Söz verilen gün gelmedi", "Bütün gün bekledim, kimse aramadı."),
    ("invoice", "Faturada yanlış isim", "Fatura eşimin adına kesilmiş."),
    ("service", "Servis randevusuna gelen olmadı", "İkinci kez izin aldım."),
    ("product", "Buzdolabı çok ses yapıyor", "Geceleri uyutmuyor."),
    ("delivery", "Kutu ezilmiş geldi", "Yan tarafı göçük."),
)
TALKS = (
    ("phone", "in", "service", "asked when the technician comes"),
    ("phone", "out", "value", "called to ask whether the machine was installed well"),
    ("whatsapp", "in", "service", "sent a picture of the error code E18"),
    ("store", "in", "service", "came for a filter and asked how to change it"),
    ("phone", "out", "offer", "told about the spring prices of dryers"),
)
# What was promised in such talk, and who keeps it: of talk that is not long ago.
PROMISES = {
    "asked when the technician comes": ("the technician calls before coming", "Technicians"),
    "sent a picture of the error code E18": ("we say what the code means", "Service desk"),
}
