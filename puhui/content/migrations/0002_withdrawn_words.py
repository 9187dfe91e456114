from django.db import migrations, models


class Migration(migrations.Migration):
    """Why an entry was taken down stands with the entry."""

    dependencies = [("content", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="withdrawn_words",
            field=models.TextField(blank=True, db_default="", default=""),
        )
    ]
