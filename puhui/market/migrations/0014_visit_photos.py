"""Pictures of visits."""

import django.db.models.deletion
import puhui.kernel.crypto
import puhui.kernel.crypto.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('market', '0013_objection_admitted'),
        ('parties', '0009_successions'),
    ]

    operations = [
        migrations.CreateModel(
            name='VisitPhoto',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('digest', models.TextField()),
                ('picture', puhui.kernel.crypto.EncryptedText(data_class='C2', null=True, purpose='上门核实', retention='办结后 3 年；没办成的 2 年后去标识')),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='market.engagement')),
                ('officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.staff')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('engagement', 'digest'), name='visit_photo_once')],
            },
        ),
    ]
