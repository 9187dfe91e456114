"""What comes after a proposal: pauses, objections, another bank, spreadsheets of returns."""

import django.contrib.postgres.fields
import django.db.models.deletion
import puhui.kernel.crypto
import puhui.kernel.crypto.identifiers
from django.db import migrations, models

from puhui.market.references import LATER_SEQUENCES


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_initial'),
        ('market', '0002_references'),
        ('parties', '0001_initial'),
    ]

    operations = [
        *(
            migrations.RunSQL(
                f"CREATE SEQUENCE IF NOT EXISTS {name} START WITH {first}",
                f"DROP SEQUENCE IF EXISTS {name}",
            )
            for name, first in LATER_SEQUENCES.items()
        ),
        migrations.CreateModel(
            name='CustomerPause',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('words', puhui.kernel.crypto.EncryptedText(data_class='C2', purpose='等客户准备什么', retention='办结后 3 年；没办成的 2 年后去标识')),
                ('asked_at', models.DateTimeField()),
                ('asked_by_ref', models.TextField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('left_working_days', models.SmallIntegerField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.TextField(blank=True, default='')),
            ],
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('ref', models.TextField(unique=True)),
                ('words', puhui.kernel.crypto.EncryptedText(blank=True, data_class='C2', purpose='对结果有不同意见', retention='办结后 3 年；没办成的 2 年后去标识')),
                ('is_against_automation', models.BooleanField(default=False)),
                ('opened_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by_ref', models.TextField(blank=True, default='')),
                ('outcome', models.TextField(blank=True, default='')),
                ('answer_words', puhui.kernel.crypto.EncryptedText(blank=True, data_class='C2', purpose='答复不同意见', retention='办结后 3 年；没办成的 2 年后去标识')),
            ],
        ),
        migrations.CreateModel(
            name='ReassignmentProposal',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('proposed_at', models.DateTimeField()),
                ('proposed_by_ref', models.TextField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', models.TextField(blank=True, default='')),
            ],
        ),
        migrations.CreateModel(
            name='ReturnSheet',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('ref', models.TextField(unique=True)),
                ('month', models.DateField()),
                ('uploaded_at', models.DateTimeField()),
                ('uploaded_by_ref', models.TextField()),
                ('digest', models.TextField()),
                ('rows', models.IntegerField()),
                ('recorded', models.IntegerField()),
                ('matched', models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='SheetDifference',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('month', models.DateField()),
                ('kind', models.TextField()),
                ('line', models.IntegerField(null=True)),
                ('facts', models.JSONField(default=dict)),
                ('found_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by_ref', models.TextField(blank=True, default='')),
            ],
        ),
        migrations.CreateModel(
            name='TalkRequest',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('wishes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('words', puhui.kernel.crypto.EncryptedText(blank=True, data_class='C2', default='', purpose='再谈谈', retention='办结后 3 年；没办成的 2 年后去标识')),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='proposal',
            name='proposal_once',
        ),
        migrations.AddField(
            model_name='engagement',
            name='is_refusal_automated',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='engagement',
            name='refusal_amount_fen',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='engagement',
            name='refusal_products',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name='loanreturn',
            name='pays_out_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='proposal',
            name='grace_months',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='proposal',
            name='is_scored',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='proposal',
            name='superseded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('engagement', 'kind'), name='proposal_once_in_force'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('grace_months__isnull', True), models.Q(('grace_months__gte', 0), ('grace_months__lt', models.F('months'))), _connector='OR'), name='proposal_grace_within_term'),
        ),
        migrations.AddField(
            model_name='customerpause',
            name='engagement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='market.engagement'),
        ),
        migrations.AddField(
            model_name='objection',
            name='engagement',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='objection', to='market.engagement'),
        ),
        migrations.AddField(
            model_name='objection',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.staff'),
        ),
        migrations.AddField(
            model_name='reassignmentproposal',
            name='bank',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organisation'),
        ),
        migrations.AddField(
            model_name='reassignmentproposal',
            name='demand',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reassignment_proposals', to='market.financingdemand'),
        ),
        migrations.AddField(
            model_name='reassignmentproposal',
            name='engagement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.engagement'),
        ),
        migrations.AddField(
            model_name='returnsheet',
            name='bank',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organisation'),
        ),
        migrations.AddField(
            model_name='sheetdifference',
            name='bank',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organisation'),
        ),
        migrations.AddField(
            model_name='sheetdifference',
            name='engagement',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='market.engagement'),
        ),
        migrations.AddField(
            model_name='sheetdifference',
            name='sheet',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='market.returnsheet'),
        ),
        migrations.AddField(
            model_name='talkrequest',
            name='demand',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='talk_requests', to='market.financingdemand'),
        ),
        migrations.AddConstraint(
            model_name='customerpause',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('engagement',), name='pause_one_open'),
        ),
        migrations.AddConstraint(
            model_name='customerpause',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by', '')), models.Q(('ended_at__isnull', False), ('ended_by__in', ['bank', 'applicant', 'system'])), _connector='OR'), name='pause_ended_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='objection',
            index=models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['opened_at'], name='objection_open'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('outcome', '')), models.Q(('answered_at__isnull', False), ('outcome__in', ['upheld', 'reopened'])), _connector='OR'), name='objection_answered_has_outcome'),
        ),
        migrations.AddConstraint(
            model_name='reassignmentproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('demand',), name='reassignment_one_open'),
        ),
        migrations.AddIndex(
            model_name='returnsheet',
            index=models.Index(fields=['bank', '-month', '-uploaded_at'], name='sheet_of_bank'),
        ),
        migrations.AddIndex(
            model_name='sheetdifference',
            index=models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['found_at'], name='difference_open'),
        ),
        migrations.AddConstraint(
            model_name='sheetdifference',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['missing_in_platform', 'missing_in_sheet', 'differing'])), name='difference_kind_known'),
        ),
    ]
