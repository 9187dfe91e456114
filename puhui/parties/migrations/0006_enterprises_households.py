"""Enterprises with those who act for them, and households."""

import django.db.models.deletion
import puhui.kernel.crypto.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0005_guarantors_and_insurers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Enterprise',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('ref', models.TextField(unique=True)),
                ('kind', models.TextField()),
                ('name', models.TextField()),
                ('credit_code', models.TextField(unique=True)),
                ('industry', models.TextField()),
                ('revenue_fen', models.BigIntegerField(null=True)),
                ('staff_count', models.IntegerField(null=True)),
                ('assets_fen', models.BigIntegerField(null=True)),
                ('size', models.TextField(blank=True, default='')),
                ('sized_on', models.DateField(null=True)),
                ('registered_at', models.DateTimeField()),
                ('registered_via', models.TextField()),
                ('checked_at', models.DateTimeField(null=True)),
                ('representative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enterprises', to='parties.resident')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.division')),
            ],
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('ref', models.TextField(unique=True)),
                ('may_request', models.BooleanField()),
                ('may_choose', models.BooleanField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('given_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('evidence', models.TextField(blank=True, default='')),
                ('revoked_at', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agencies', to='parties.resident')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.resident')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agencies', to='parties.enterprise')),
            ],
        ),
        migrations.CreateModel(
            name='Household',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('number', models.TextField(unique=True)),
                ('founded_at', models.DateTimeField()),
                ('founded_via', models.TextField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.resident')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.division')),
            ],
        ),
        migrations.CreateModel(
            name='HouseholdMember',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('joined_at', models.DateTimeField(null=True)),
                ('left_at', models.DateTimeField(null=True)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='parties.household')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.resident')),
            ],
        ),
        migrations.AddIndex(
            model_name='enterprise',
            index=models.Index(fields=['village', 'name'], name='enterprise_by_village'),
        ),
        migrations.AddConstraint(
            model_name='enterprise',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['enterprise', 'cooperative', 'family_farm', 'individual_business', 'collective'])), name='enterprise_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='enterprise',
            constraint=models.CheckConstraint(condition=models.Q(('size__in', ['', 'large', 'medium', 'small', 'micro'])), name='enterprise_size_known'),
        ),
        migrations.AddConstraint(
            model_name='enterprise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revenue_fen__gte', 0), ('revenue_fen__isnull', True), _connector='OR'), models.Q(('staff_count__gte', 0), ('staff_count__isnull', True), _connector='OR'), models.Q(('assets_fen__gte', 0), ('assets_fen__isnull', True), _connector='OR')), name='enterprise_figures_not_negative'),
        ),
        migrations.AddIndex(
            model_name='agency',
            index=models.Index(condition=models.Q(('revoked_at__isnull', True)), fields=['agent', 'enterprise'], name='agency_of_agent'),
        ),
        migrations.AddConstraint(
            model_name='agency',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='agency_has_length'),
        ),
        migrations.AddConstraint(
            model_name='agency',
            constraint=models.CheckConstraint(condition=models.Q(('may_request', True), ('may_choose', True), _connector='OR'), name='agency_allows_something'),
        ),
        migrations.AddConstraint(
            model_name='agency',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('enterprise', 'agent'), name='agency_once'),
        ),
        migrations.AddIndex(
            model_name='household',
            index=models.Index(fields=['village', 'number'], name='household_of_village'),
        ),
        migrations.AddConstraint(
            model_name='householdmember',
            constraint=models.UniqueConstraint(condition=models.Q(('left_at__isnull', True)), fields=('resident',), name='household_one_each'),
        ),
    ]
