"""The lists of offices: what is delivered, and what an operator brings along."""

from __future__ import annotations

from pathlib import Path

import pytest

from programmes import CatalogueError, load_offices
from programmes.__main__ import main
from programmes.office_lists import as_yaml, import_offices
from tests.programmes.conftest import RULES

OFFICES = RULES.parent / "offices"
HEAD = "id,name,country,regions,languages,phone,latitude,longitude,source,as_of,confidence\n"
BERN = "bern,Office in Bern,CH,BE FR,de fr,+41 31 111 22 33,46.95,7.44,own list,2026-11,S\n"


def faults(path: Path) -> list[str]:
    """The problems of a table, one a line, without the folder."""
    with pytest.raises(CatalogueError) as caught:
        import_offices(path)
    return [str(problem).replace(f"{path.parent}/", "") for problem in caught.value.problems]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table with one office and no fault."""
    path = tmp_path / "own.csv"
    path.write_text(HEAD + BERN)
    return path


def test_delivered_contacts_are_for_the_public() -> None:
    offices = {office.id: office for office in load_offices(OFFICES)}
    assert offices["be"].phone == "+41 31 385 18 18"
    assert offices["be"].regions == ("BE",)
    assert offices["fr"].as_of == "2023-09-25"
    assert offices["de_bamf"].phone_hours == "Mo-Fr 09:00-11:00"
    for office in offices.values():
        assert office.source
        assert office.as_of
        # These lines are for counselling centres only.
        assert "24899" not in office.phone
        assert office.email not in ("RG2.0-info@bamf.bund.de", "RIATsupport@bamf.bund.de")


def test_no_canton_has_two_offices() -> None:
    regions = [region for office in load_offices(OFFICES) for region in office.regions]
    assert len(regions) == len(set(regions))


def test_table_becomes_a_list_and_stays_the_same(table: Path, tmp_path: Path) -> None:
    offices = import_offices(table)
    assert offices[0].regions == ("BE", "FR")
    assert offices[0].languages == ("de", "fr")
    assert offices[0].coordinates == (46.95, 7.44)
    folder = tmp_path / "offices"
    folder.mkdir()
    (folder / "own.yml").write_text(as_yaml(offices))
    assert load_offices(folder) == offices


def test_semicolons_and_a_byte_order_mark_of_a_spreadsheet_are_read(table: Path) -> None:
    plain = import_offices(table)
    table.write_bytes(b"\xef\xbb\xbf" + (HEAD + BERN).replace(",", ";").encode())
    assert import_offices(table) == plain


@pytest.mark.parametrize(
    ("old", "new", "says", "remedy"),
    [
        ("CH", "AT", "country: 'AT' is not a value", "CH, DE"),
        ("BE FR", "BY", "regions: 'BY' is not a value", "AG, AI"),
        ("de fr", "deutsch", "languages: 'deutsch' is no language", "de, fr, ar"),
        ("+41 31 111 22 33", "031 111", "phone: '031 111' is not written", "+41 31 123 45 67"),
        ("46.95", "north", "latitude: 'north' does not lie in", "decimal degrees"),
        ("46.95,7.44", "7.44,46.95", "latitude: '7.44' does not lie in", "latitude is the one"),
        ("46.95", "", "has longitude alone", "latitude and longitude"),
        ("own list", "", "has no `source`", "Add `source:`"),
        ("2026-11", "last year", "as_of: 'last year' is no date", "YYYY"),
        (",S\n", ",sure\n", "confidence: 'sure' is not a value", "S, S-old, I"),
        ("bern,", "Bern!,", "id: 'Bern!' is no id", "small letters"),
        ("+41 31 111 22 33", "", "names no way to reach", "Add phone, email"),
        (",S\n", ",S,more\n", "has more cells than columns", "quotes"),
        (BERN, BERN + BERN, "the id 'bern' is taken", "another id"),
        (BERN, "", "holds no office", "one office a line"),
    ],
)
def test_each_fault_of_a_table_names_line_and_remedy(
    table: Path, old: str, new: str, says: str, remedy: str
) -> None:
    table.write_text(HEAD + BERN.replace(old, new, 1))
    found = faults(table)
    assert any(says in text and remedy in text and text.startswith("own.csv:") for text in found), (
        found
    )


def test_all_faults_of_a_table_come_at_once(table: Path) -> None:
    table.write_text(
        HEAD.replace("phone", "fone") + BERN + BERN.replace("bern,", "two,").replace("CH", "XX")
    )
    found = faults(table)
    assert any("own.csv:2: fone" in text and "Did you mean phone?" in text for text in found)
    assert any("own.csv:3: country" in text for text in found)


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert "cannot be read" in faults(tmp_path / "none.csv")[0]
    with pytest.raises(CatalogueError, match="is no folder"):
        load_offices(tmp_path / "none")


def test_import_from_the_command_line(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rules", str(RULES), "offices", "import", str(table)]) == 0
    assert "- id: bern" in capsys.readouterr().out
    table.write_text(HEAD + BERN.replace("CH", "AT"))
    assert main(["--rules", str(RULES), "offices", "import", str(table)]) == 1
    assert "The list of offices has" in capsys.readouterr().err
