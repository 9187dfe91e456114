"""Another legal representative for an enterprise, and enterprises that have closed."""

import django.db.models.deletion
import puhui.kernel.crypto.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0008_ended_when'),
    ]

    operations = [
        migrations.AddField(
            model_name='enterprise',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('ref', models.TextField(unique=True)),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('is_accepted', models.BooleanField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.resident')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='parties.enterprise')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.resident')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['successor'], name='succession_of_person')],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('enterprise',), name='succession_one_open'),
                    models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('is_accepted__isnull', True)), models.Q(('answered_at__isnull', False), ('is_accepted__isnull', False)), _connector='OR'), name='succession_answered_whole'),
                ],
            },
        ),
    ]
