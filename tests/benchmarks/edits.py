"""Copies as newsrooms make them, and stories that only look like copies; for the benchmark of copies."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Text = list[str]
#: Paragraphs.

Edit = Callable[[Text, "Desk"], Text]

RELATED = (
    "Baca juga: Harga Sewa Perahu Naik Jelang Musim Tangkap",
    "Baca Juga: Jadwal Kapal Malam Berubah Mulai Pekan Depan",
    "Read also: Harbour works delayed by another month",
    "Simak juga video: Detik-detik Air Pasang Masuk Pasar",
)
FOOTERS = (
    "Ikuti kanal kami untuk mendapat kabar terbaru setiap hari langsung di gawai Anda, gratis dan "
    "tanpa iklan.",
    "(rin/dok)",
    "Artikel ini telah tayang lebih dulu di kantor berita dengan judul yang berbeda. Penyunting: "
    "Wira Lesmana.",
    "Sign up for our morning letter and get the day's most important stories before breakfast.",
)
BOILERPLATE = (
    "Redaksi menerima tulisan pembaca mengenai peristiwa di sekitar tempat tinggal masing-masing. "
    "Kirimkan naskah "
    "paling panjang lima ratus kata beserta dua foto dan nomor telepon yang dapat dihubungi melalui surat "
    "elektronik. Naskah yang dimuat akan mendapat imbalan sesuai ketentuan, naskah yang tidak dimuat tidak "
    "dikembalikan, dan redaksi berhak menyunting tanpa mengubah maksud penulisnya.",
    "Dapatkan pilihan berita terpenting hari ini langsung di gawai Anda. Unduh aplikasi kami di toko "
    "aplikasi "
    "mana pun, nyalakan pemberitahuan, lalu pilih daerah dan bidang yang Anda sukai, mulai dari olahraga, "
    "ekonomi, sampai gaya hidup.",
)


@dataclass(slots=True)
class Desk:
    """Chance, and texts of others to take paragraphs and words from."""

    chance: random.Random
    donors: list[Text]

    def paragraphs(self, amount: int) -> Text:
        """From as many texts as it takes, so that no donor is copied."""
        return [self.chance.choice(self.chance.choice(self.donors)) for _ in range(amount)]

    def word(self) -> str:
        return self.chance.choice(self.paragraphs(1)[0].split() or ["kata"])


def same(text: Text, _: Desk) -> Text:
    return list(text)


def dressed(text: Text, desk: Desk) -> Text:
    """Another dateline before it, another house's lines around it."""
    first = f"{desk.word().upper()}, Kabar Sagara - {text[0]}"
    return [first, *text[1:], *desk.chance.sample(FOOTERS, 2)]


def related_lines(text: Text, desk: Desk) -> Text:
    made = list(text)
    for line in desk.chance.sample(RELATED, 3):
        made.insert(desk.chance.randint(1, len(made)), line)
    return made


def cut(share: float) -> Edit:
    def edit(text: Text, desk: Desk) -> Text:
        amount = _part(text, share)
        gone = set(desk.chance.sample(range(len(text)), min(amount, len(text) - 1)))
        return [paragraph for place, paragraph in enumerate(text) if place not in gone]

    return edit


def added(share: float) -> Edit:
    def edit(text: Text, desk: Desk) -> Text:
        made = list(text)
        for paragraph in desk.paragraphs(_part(text, share)):
            made.insert(desk.chance.randint(0, len(made)), paragraph)
        return made

    return edit


def reworded(share: float) -> Edit:
    def edit(text: Text, desk: Desk) -> Text:
        return [
            " ".join(desk.word() if desk.chance.random() < share else word for word in paragraph.split())
            for paragraph in text
        ]

    return edit


def shuffled(text: Text, desk: Desk) -> Text:
    return desk.chance.sample(text, len(text))


def abridged(share: float) -> Edit:
    """The top of the story, by words; the last paragraph may be broken off."""

    def edit(text: Text, _: Desk) -> Text:
        left = max(1, round(sum(len(paragraph.split()) for paragraph in text) * share))
        made = []
        for paragraph in text:
            words = paragraph.split()[:left]
            left -= len(words)
            if words:
                made.append(" ".join(words))
        return made

    return edit


def one_after_another(*edits: Edit) -> Edit:
    def edit(text: Text, desk: Desk) -> Text:
        for step in edits:
            text = step(text, desk)
        return text

    return edit


EDITS: dict[str, Edit] = {
    "the same": same,
    "other dateline and footer": dressed,
    "related lines put in": related_lines,
    "10 % of paragraphs cut": cut(0.1),
    "30 % of paragraphs cut": cut(0.3),
    "10 % of paragraphs added": added(0.1),
    "30 % of paragraphs added": added(0.3),
    "1 % of words changed": reworded(0.01),
    "5 % of words changed": reworded(0.05),
    "10 % of words changed": reworded(0.10),
    "paragraphs shuffled": shuffled,
    "abridged to a half": abridged(1 / 2),
    "abridged to a third": abridged(1 / 3),
    "dressed, related lines, 1 % of words": one_after_another(dressed, related_lines, reworded(0.01)),
    "abridged to a half, dressed": one_after_another(abridged(1 / 2), dressed),
    "abridged to a third, 5 % of words": one_after_another(abridged(1 / 3), reworded(0.05)),
    "shuffled, 30 % cut, 3 % of words": one_after_another(shuffled, cut(0.3), reworded(0.03)),
    "medium: 20 % cut, 20 % added, 3 % of words": one_after_another(cut(0.2), added(0.2), reworded(0.03)),
    "heavy: 30 % cut, 30 % added, 5 % of words": one_after_another(cut(0.3), added(0.3), reworded(0.05)),
}
HEAVY = "heavy: 30 % cut, 30 % added, 5 % of words"


def with_quote(text: Text, other: Text, desk: Desk) -> Text:
    """Another story in which the same person is quoted: one paragraph is shared."""
    short = [paragraph for paragraph in other if len(paragraph.split()) <= 80] or [other[0]]
    return [*text, desk.chance.choice(short)]


def with_boilerplate(text: Text) -> Text:
    return [*text, *BOILERPLATE]


def templates(chance: random.Random, amount: int) -> Iterator[tuple[str, list[Text]]]:
    """Kinds of pages that a machine fills in daily, *amount* days of each."""
    for name, fill in TEMPLATES.items():
        yield name, [fill(chance) for _ in range(amount)]


def _part(text: Text, share: float) -> int:
    return max(1, round(len(text) * share))


_DAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()
_MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
_TOWNS = "Lamau Sagara Tirta Wanua Sundari Batulima Kertapura Onoro Muaralaya Rantepanjang".split()
_SKIES = ("cerah", "cerah berawan", "berawan", "hujan ringan", "hujan petir", "hujan sedang", "udara kabur")


def _date(chance: random.Random) -> str:
    month = chance.choice(_MONTHS)
    return f"{chance.choice(_DAYS)}, {chance.randint(1, 28)} {month} {chance.randint(2021, 2026)}"


def _money(chance: random.Random, low: int, high: int) -> str:
    return f"Rp {chance.randint(low, high):,}".replace(",", ".")


def _gold(chance: random.Random) -> Text:
    """The price list of a gold shop."""
    day, price = _date(chance), chance.randint(900_000, 2_400_000)
    lines = [
        f"Harga emas batangan pada perdagangan {day} {chance.choice(('naik', 'turun'))} "
        f"{_money(chance, 1_000, 30_000)} dibandingkan hari sebelumnya. Satu gram emas dijual "
        f"{_money(chance, price, price + 999)}, sedangkan harga beli kembali berada di "
        f"{_money(chance, price - 150_000, price - 90_000)} per gram.",
        "Harga di atas belum termasuk pajak. Pembeli yang menyertakan nomor pokok wajib pajak "
        "dikenai potongan "
        "lebih rendah, dan setiap pembelian disertai bukti potong. Berikut rincian harga menurut beratnya.",
    ]
    lines += [
        f"Emas {w} gram: {_money(chance, price * w, price * w + 9_999)}" for w in (1, 2, 3, 5, 10, 25, 50)
    ]
    return lines


def _weather(chance: random.Random) -> Text:
    """A forecast town by town, more words than figures."""
    lines = [
        f"Badan cuaca memperkirakan keadaan langit di sebagian besar wilayah pada {_date(chance)} "
        f"{chance.choice(_SKIES)} sejak pagi. Warga diminta tetap waspada terhadap perubahan yang mendadak."
    ]
    for town in chance.sample(_TOWNS, 6):
        low = chance.randint(18, 25)
        lines.append(
            f"Wilayah {town} pada pagi hari {chance.choice(_SKIES)}, siang {chance.choice(_SKIES)}, "
            "dan malam "
            f"{chance.choice(_SKIES)}. Suhu udara {low} sampai {low + chance.randint(5, 11)} derajat, "
            "kelembapan "
            f"{chance.randint(50, 75)} sampai {chance.randint(76, 99)} persen, angin "
            f"{chance.randint(3, 35)} "
            "kilometer per jam."
        )
    return lines


def _prayers(chance: random.Random) -> Text:
    """Prayer times of a town and a day."""

    def at(hour: int) -> str:
        return f"{hour:02}.{chance.randint(0, 59):02}"

    return [
        f"Jadwal salat untuk wilayah {chance.choice(_TOWNS)} dan sekitarnya pada {_date(chance)} disusun "
        "berdasarkan perhitungan kantor agama setempat. Umat dapat menjadikan jadwal berikut sebagai "
        "pedoman.",
        f"Imsak {at(4)} Subuh {at(4)} Terbit {at(5)} Duha {at(6)} Zuhur {at(11)} Asar {at(15)} Magrib "
        f"{at(17)} "
        f"Isya {at(19)}",
        "Jadwal dapat berbeda satu sampai dua menit menurut letak tempat tinggal. Untuk "
        "kehati-hatian, tunggu "
        "hingga azan di masjid terdekat selesai berkumandang.",
    ]


def _quake(chance: random.Random) -> Text:
    """A flash that the seismological office sends out by itself."""
    town = chance.choice(_TOWNS)
    return [
        f"Gempa bumi berkekuatan magnitudo {chance.randint(3, 7)},{chance.randint(0, 9)} mengguncang "
        f"wilayah {town} "
        f"pada {_date(chance)} pukul {chance.randint(0, 23):02}.{chance.randint(0, 59):02} waktu "
        "setempat. Pusat "
        f"gempa berada {chance.randint(5, 150)} kilometer "
        f"{chance.choice(('barat laut', 'tenggara', 'timur'))} "
        f"{town} pada kedalaman {chance.randint(5, 200)} kilometer, di "
        f"{chance.randint(0, 9)},{chance.randint(10, 99)} "
        f"lintang selatan dan {chance.randint(95, 140)},{chance.randint(10, 99)} bujur timur.",
        "Informasi ini mengutamakan kecepatan sehingga hasil pengolahan data belum stabil dan dapat "
        "berubah seiring "
        "kelengkapan data. Belum ada laporan mengenai kerusakan bangunan atau korban.",
    ]


def _rates(chance: random.Random) -> Text:
    """Exchange rates of a day."""
    return [
        f"The currency {chance.choice(('strengthened', 'weakened'))} to "
        f"{chance.randint(14_000, 17_500)} per dollar "
        f"on {_date(chance)}, from {chance.randint(14_000, 17_500)} at the previous close, data from "
        "the central "
        "bank showed. Rates quoted by the four largest banks at the opening of trade were as follows.",
        *(
            f"{name}: buying {chance.randint(14_000, 17_500)}, selling {chance.randint(14_000, 17_500)}"
            for name in ("Bank Lamau", "Bank Sagara", "Bank Tirta", "Bank Wanua")
        ),
        "Rates may change at any time during the day. Customers who want to exchange larger sums are "
        "advised to ask "
        "their branch beforehand and to bring a valid identity card.",
    ]


TEMPLATES: dict[str, Callable[[random.Random], Text]] = {
    "gold price": _gold,
    "weather": _weather,
    "prayer times": _prayers,
    "earthquake": _quake,
    "exchange rates": _rates,
}
