"""Functions of the database that the directory of institutions and companies stands on."""

from django.db import migrations

# The same rule as `network.names.name_key`.
NAME_KEY = r"""
CREATE FUNCTION name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(
    regexp_replace(
        regexp_replace(
            lower(normalize(name, NFKC)),
            '\((주|유|재|사|학|의|株|有|財|社|财)\)'
            '|주식회사|유한회사|합자회사|재단법인|사단법인|학교법인|의료법인'
            '|株式会社|有限会社|合同会社|合資会社|一般財団法人|一般社団法人|国立研究開発法人|独立行政法人'
            '|股份有限公司|有限责任公司|有限公司',
            ' ', 'g'),
        '\m(co|ltd|inc|corp|corporation|company|limited|llc|jsc|ojsc|pjsc|plc|gmbh'
        '|ооо|ао|пао|оао|зао|нпп|нпо|фгуп|фгбу|фгбун|фгбоу во|фгаоу во|фгбоу|фгаоу)\M',
        ' ', 'g'),
    '[^[:alnum:]]+', '', 'g')
"""

SITE_HOST = r"""
CREATE FUNCTION site_host(address text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(substring(address FROM '^[a-zA-Z]+://(?:www\.)?([^/:?#]+)'))
"""

# What two ways of writing a registration number have in common.
NUMBER_KEY = r"""
CREATE FUNCTION number_key(number text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ltrim(regexp_replace(lower(number), '[^[:alnum:]]+', '', 'g'), '0')
"""

# Called by `network.following` after every migrate, by the role that owns the tables.
FOLLOW_MERGES = r"""
CREATE FUNCTION follow_merges(tables text[], columns text[], targets text[]) RETURNS void LANGUAGE plpgsql AS $install$
DECLARE
    old record;
    place integer;
    named text;
BEGIN
    FOR old IN
        SELECT tgrelid::regclass AS owner, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'follow\_merge\_%'
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', old.tgname, old.owner);
    END LOOP;
    FOR old IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'follow\_merge\_%' LOOP
        EXECUTE format('DROP FUNCTION %s', old.name);
    END LOOP;
    FOR place IN 1 .. coalesce(array_length(tables, 1), 0) LOOP
        -- Migrated to an earlier state, a part of the portal may not be there yet.
        CONTINUE WHEN NOT EXISTS (
            SELECT FROM pg_attribute
            WHERE attrelid = to_regclass(quote_ident(tables[place])) AND attname = columns[place] AND NOT attisdropped
        );
        named := format('follow_merge_%s_%s', substr(md5(tables[place]), 1, 8), columns[place]);
        EXECUTE format($make$
            CREATE FUNCTION %1$I() RETURNS trigger LANGUAGE plpgsql AS $follow$
            DECLARE
                survivor bigint;
            BEGIN
                -- Waits for a merge under way: it holds the row until it is done.
                SELECT merged_into_id INTO survivor FROM %2$I WHERE id = NEW.%3$I FOR KEY SHARE;
                IF survivor IS NOT NULL THEN
                    NEW.%3$I := survivor;
                END IF;
                RETURN NEW;
            END
            $follow$
        $make$, named, targets[place], columns[place]);
        EXECUTE format(
            'CREATE TRIGGER %I BEFORE INSERT ON %I FOR EACH ROW WHEN (NEW.%I IS NOT NULL) EXECUTE FUNCTION %I()',
            named || '_insert', tables[place], columns[place], named);
        EXECUTE format(
            'CREATE TRIGGER %I BEFORE UPDATE OF %I ON %I FOR EACH ROW'
            ' WHEN (NEW.%I IS DISTINCT FROM OLD.%I AND NEW.%I IS NOT NULL) EXECUTE FUNCTION %I()',
            named || '_update', columns[place], tables[place], columns[place], columns[place], columns[place], named);
    END LOOP;
END
$install$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0002_joining_inviting_merging'),
    ]

    operations = [
        migrations.RunSQL(NAME_KEY, "DROP FUNCTION name_key(text)"),
        migrations.RunSQL(SITE_HOST, "DROP FUNCTION site_host(text)"),
        migrations.RunSQL(NUMBER_KEY, "DROP FUNCTION number_key(text)"),
        migrations.RunSQL(FOLLOW_MERGES, "DROP FUNCTION follow_merges(text[], text[], text[])"),
    ]
