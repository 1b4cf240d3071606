import pytest

from kariz.features.transfer.tests.walking import answer, upload
from kariz.jobs import worker

FILE = "Full name,E-mail,Source\nAli Rezaei,ali@pars.ir,Website\nSara,sara@ege.tr,Website\nSarah,SARA@ege.tr,Website\n"


@pytest.mark.covers("R266")
def test_the_check_of_an_import_counts_the_new_records_that_may_be_duplicates(save, cast, client):
    save("contact", name="علی رضایی", email="ali@pars.ir")
    client.force_login(cast.admin)
    run = upload(client, ("leads.csv", FILE), kind="lead")
    answer(client, run, match="")
    client.get(f"/import/{run.pk}/check/")
    worker.drain()
    [file] = run.files.all()
    assert file.checked["created"] == 3
    assert file.checked["problems"]["New, and possibly a duplicate of another record"] == [3, [1, 2, 3]]
