"""The county opens a change of the legal representative by a document, before two of its staff."""

import django.db.models.deletion
import puhui.kernel.crypto
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0009_successions'),
    ]

    operations = [
        migrations.AddField(
            model_name='succession',
            name='checked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='succession',
            name='checked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.staff'),
        ),
        migrations.AddField(
            model_name='succession',
            name='document_kind',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='succession',
            name='document_number',
            field=puhui.kernel.crypto.EncryptedText(data_class='C2', null=True, purpose='变更法定代表人的依据', retention='单位存续期间；注销后按法定期限'),
        ),
        migrations.AddField(
            model_name='succession',
            name='opened_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.staff'),
        ),
        migrations.AlterField(
            model_name='succession',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.resident'),
        ),
        migrations.AddConstraint(
            model_name='succession',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked_by__isnull', False), ('document_kind', ''), ('opened_by__isnull', True)), models.Q(('asked_by__isnull', True), ('opened_by__isnull', False), models.Q(('document_kind', ''), _negated=True), ('document_number__isnull', False)), _connector='OR'), name='succession_asked_by_one_side'),
        ),
        migrations.AddConstraint(
            model_name='succession',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_at__isnull', True), ('checked_by__isnull', True)), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False), models.Q(('checked_by', models.F('opened_by')), _negated=True)), _connector='OR'), name='succession_two_people'),
        ),
    ]
