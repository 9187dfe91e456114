import puhui.kernel.crypto.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='KnownDevice',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('phone_index', models.BinaryField()),
                ('device_hash', models.BinaryField()),
                ('last_used_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('phone_index', 'device_hash'), name='known_device_of_phone')],
            },
        ),
        migrations.CreateModel(
            name='PhoneLock',
            fields=[
                ('id', models.UUIDField(default=puhui.kernel.crypto.identifiers.new_id, primary_key=True, serialize=False)),
                ('phone_index', models.BinaryField()),
                ('locked_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('opened_at__isnull', True)), fields=('phone_index',), name='phone_lock_once')],
            },
        ),
    ]
