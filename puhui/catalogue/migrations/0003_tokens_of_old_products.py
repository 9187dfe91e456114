"""Products put on the shelf before there was a search are found like any other."""

from django.db import migrations


def fill(apps, schema_editor):
    from puhui.search.tokens import index_tokens

    products = apps.get_model("catalogue", "Product")
    for row in products.objects.filter(tokens=[]).iterator():
        row.tokens = index_tokens(row.name, row.audience, row.season_words)
        row.save(update_fields=["tokens"])


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_products_whole")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
