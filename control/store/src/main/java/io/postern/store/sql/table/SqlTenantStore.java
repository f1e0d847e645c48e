package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.JSON;
import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.key;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.TenantId;
import io.postern.domain.publish.Branding;
import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.TenantSettings;
import io.postern.store.DuplicateKey;
import io.postern.store.Tenant;
import io.postern.store.TenantStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

record SqlTenantStore(Handle handle) implements TenantStore {
    private static final RowMapper<Tenant> ROW = (row, context) -> new Tenant(
            new TenantId(row.getString("id")),
            row.getString("name"),
            row.getString("display_name"),
            row.getString("domain"),
            instant(row, "created"));

    private static final RowMapper<TenantSettings> SETTINGS = (row, context) -> new TenantSettings(
            numberIfAny(row, "requests_per_second"),
            numberIfAny(row, "application_requests_per_second"),
            new Branding(textIfAny(row, "brand_name"), textIfAny(row, "brand_colour"), textIfAny(row, "brand_logo")),
            language(row.getString("sign_in")),
            signIn(row.getString("sign_in")));

    private static SignInSettings signIn(String text) {
        JsonNode json = JSON.readTree(text);
        SignInSettings shipped = SignInSettings.DEFAULT;
        JsonNode days = json.path("passwordDays");
        return new SignInSettings(
                SignInSettings.MfaNeed.valueOf(
                        json.path("mfa").asString(shipped.mfa().name())),
                json.path("mfaRegistration").asBoolean(shipped.mfaRegistration()),
                json.path("askToStay").asBoolean(shipped.askToStay()),
                days.isInt() ? Optional.of(days.asInt()) : Optional.empty());
    }

    private static Optional<String> language(String text) {
        return Optional.of(JSON.readTree(text).path("language").asString(""))
                .filter(TenantSettings.LANGUAGES::contains);
    }

    private static String text(SignInSettings settings, Optional<String> language) {
        ObjectNode json = JSON.createObjectNode();
        json.put("mfa", settings.mfa().name())
                .put("mfaRegistration", settings.mfaRegistration())
                .put("askToStay", settings.askToStay());
        settings.passwordDays().ifPresent(days -> json.put("passwordDays", days));
        language.ifPresent(tag -> json.put("language", tag));
        return json.toString();
    }

    private static Optional<Integer> numberIfAny(ResultSet row, String column) throws SQLException {
        int number = row.getInt(column);
        return row.wasNull() ? Optional.empty() : Optional.of(number);
    }

    @Override
    public TenantSettings settings(TenantId id) {
        return handle.createQuery("SELECT * FROM tenant_settings WHERE tenant = :tenant")
                .bind("tenant", id.value())
                .map(SETTINGS)
                .findOne()
                .orElse(TenantSettings.DEFAULT);
    }

    @Override
    public Map<TenantId, TenantSettings> settings() {
        return handle
                .createQuery("SELECT * FROM tenant_settings")
                .map((row, context) -> Map.entry(new TenantId(row.getString("tenant")), SETTINGS.map(row, context)))
                .stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public void set(TenantId id, TenantSettings settings) {
        handle.createUpdate("""
                INSERT INTO tenant_settings (tenant, requests_per_second, application_requests_per_second, brand_name,
                    brand_colour, brand_logo, sign_in)
                VALUES (:tenant, :requests, :applicationRequests, :name, :colour, :logo, :signIn)
                ON CONFLICT (tenant) DO UPDATE SET requests_per_second = excluded.requests_per_second,
                    application_requests_per_second = excluded.application_requests_per_second,
                    brand_name = excluded.brand_name, brand_colour = excluded.brand_colour,
                    brand_logo = excluded.brand_logo,
                    sign_in = excluded.sign_in""")
                .bind("tenant", id.value())
                .bind("requests", settings.requestsPerSecondMax().orElse(null))
                .bind(
                        "applicationRequests",
                        settings.applicationRequestsPerSecondMax().orElse(null))
                .bind("name", settings.branding().name().orElse(null))
                .bind("colour", settings.branding().colour().orElse(null))
                .bind("logo", settings.branding().logo().orElse(null))
                .bind("signIn", text(settings.signIn(), settings.language()))
                .execute();
    }

    @Override
    public void insert(Tenant tenant) {
        if (findBy("name_key", key(tenant.name())).isPresent()) {
            throw new DuplicateKey("name", tenant.name());
        }
        if (findBy("domain_key", key(tenant.domain())).isPresent()) {
            throw new DuplicateKey("domain", tenant.domain());
        }
        handle.createUpdate("""
                INSERT INTO tenants (id, name, name_key, display_name, domain, domain_key, created)
                VALUES (:id, :name, :nameKey, :displayName, :domain, :domainKey, :created)""")
                .bind("id", tenant.id().value())
                .bind("name", tenant.name())
                .bind("nameKey", key(tenant.name()))
                .bind("displayName", tenant.displayName())
                .bind("domain", tenant.domain())
                .bind("domainKey", key(tenant.domain()))
                .bind("created", micros(tenant.created()))
                .execute();
    }

    @Override
    public Optional<Tenant> find(TenantId id) {
        return findBy("id", id.value());
    }

    @Override
    public Optional<Tenant> findByName(String name) {
        return findBy("name_key", key(name));
    }

    @Override
    public List<Tenant> list() {
        return handle.createQuery("SELECT * FROM tenants ORDER BY created, id")
                .map(ROW)
                .list();
    }

    private Optional<Tenant> findBy(String column, String value) {
        return handle.createQuery("SELECT * FROM tenants WHERE " + column + " = :value")
                .bind("value", value)
                .map(ROW)
                .findOne();
    }
}
