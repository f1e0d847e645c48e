package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;
import static io.postern.store.sql.table.Columns.texts;

import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.store.ApplicationStore;
import io.postern.store.DuplicateKey;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;

/// Applications. The first one to use an external host claims it for its tenant in `external_hosts`, the
/// last one to leave lets it go, so that a foreign key keeps two tenants apart (PUB-10).
record SqlApplicationStore(Handle handle) implements ApplicationStore {
    private static final RowMapper<Application> ROW = (row, context) -> new Application(
            new TenantId(row.getString("tenant")),
            new ObjectId(row.getString("id")),
            new AppId(row.getString("app_id")),
            row.getString("display_name"),
            texts(row, "identifier_uris"),
            texts(row, "redirect_uris"),
            textIfAny(row, "home_page_url"),
            textIfAny(row, "publishing").map(PublishingText::read),
            textIfAny(row, "group_id").map(ConnectorGroupId::new),
            row.getBoolean("public_client"),
            row.getBoolean("is_system"),
            instant(row, "created"),
            AppRolesText.read(row.getString("app_roles")));

    @Override
    public void insert(Application application) {
        refuseTaken(application);
        bind(application, handle.createUpdate("""
                INSERT INTO applications (tenant, id, app_id, display_name, identifier_uris, redirect_uris,
                    home_page_url, external_host, external_path, publishing, group_id, public_client, is_system,
                    created, app_roles)
                VALUES (:tenant, :id, :appId, :displayName, :identifierUris, :redirectUris, :homePageUrl, :host, :path,
                    :publishing, :group, :publicClient, :system, :created, :appRoles)""")).execute();
    }

    @Override
    public boolean update(Application application) {
        Optional<Application> old = find(application.tenant(), application.id());
        if (old.isEmpty()) {
            return false;
        }
        refuseTaken(application);
        boolean updated = bind(application, handle.createUpdate("""
                UPDATE applications SET app_id = :appId, display_name = :displayName,
                    identifier_uris = :identifierUris, redirect_uris = :redirectUris, home_page_url = :homePageUrl,
                    external_host = :host, external_path = :path, publishing = :publishing, group_id = :group,
                    public_client = :publicClient, is_system = :system, created = :created,
                    app_roles = :appRoles
                WHERE tenant = :tenant AND id = :id""")).execute() == 1;
        if (!host(old.get()).equals(host(application))) {
            releaseUnusedHosts(application.tenant());
        }
        return updated;
    }

    @Override
    public boolean delete(TenantId tenant, ObjectId id) {
        boolean deleted = handle.createUpdate("DELETE FROM applications WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id.value())
                        .execute()
                == 1;
        releaseUnusedHosts(tenant);
        return deleted;
    }

    @Override
    public Optional<Application> find(TenantId tenant, ObjectId id) {
        return handle.createQuery("SELECT * FROM applications WHERE tenant = :tenant AND id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public Optional<Application> findByAppId(AppId appId) {
        return handle.createQuery("SELECT * FROM applications WHERE app_id = :appId")
                .bind("appId", appId.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public List<Application> findByAppId(Collection<AppId> appIds) {
        if (appIds.isEmpty()) {
            return List.of();
        }
        return handle.createQuery("SELECT * FROM applications WHERE app_id IN (<ids>)")
                .bindList("ids", appIds.stream().map(AppId::value).toList())
                .map(ROW)
                .list();
    }

    @Override
    public List<Application> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM applications WHERE tenant = :tenant ORDER BY display_name, id")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    @Override
    public List<Application> listAll() {
        return handle.createQuery("SELECT * FROM applications ORDER BY tenant, id")
                .map(ROW)
                .list();
    }

    @Override
    public List<Application> inGroup(TenantId tenant, ConnectorGroupId group) {
        return handle.createQuery("""
                        SELECT * FROM applications WHERE tenant = :tenant AND group_id = :group
                        ORDER BY display_name, id""")
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .map(ROW)
                .list();
    }

    private static Optional<String> host(Application application) {
        return application.publishing().map(p -> p.externalUrl().host().value());
    }

    private void refuseTaken(Application application) {
        if (findByAppId(application.appId())
                .filter(other -> !other.id().equals(application.id()))
                .isPresent()) {
            throw new DuplicateKey("appId", application.appId().value());
        }
        application.publishing().map(Publishing::externalUrl).ifPresent(url -> claim(url, application));
    }

    private void claim(ExternalUrl url, Application application) {
        handle.createUpdate("INSERT INTO external_hosts (host, tenant) VALUES (:host, :tenant) ON CONFLICT DO NOTHING")
                .bind("host", url.host().value())
                .bind("tenant", application.tenant().value())
                .execute();
        boolean othersHost = handle.createQuery("SELECT tenant FROM external_hosts WHERE host = :host")
                .bind("host", url.host().value())
                .mapTo(String.class)
                .findOne()
                .filter(owner -> !owner.equals(application.tenant().value()))
                .isPresent();
        boolean othersPath = handle.createQuery("""
                        SELECT id FROM applications WHERE external_host = :host AND external_path = :path""")
                .bind("host", url.host().value())
                .bind("path", url.path())
                .mapTo(String.class)
                .findOne()
                .filter(id -> !id.equals(application.id().value()))
                .isPresent();
        if (othersHost || othersPath) {
            throw new DuplicateKey("externalUrl", url.toString());
        }
    }

    private void releaseUnusedHosts(TenantId tenant) {
        handle.createUpdate("""
                        DELETE FROM external_hosts WHERE tenant = :tenant AND NOT EXISTS (
                            SELECT 1 FROM applications a
                            WHERE a.tenant = external_hosts.tenant AND a.external_host = external_hosts.host)""").bind("tenant", tenant.value()).execute();
    }

    private static Update bind(Application application, Update update) {
        Optional<Publishing> publishing = application.publishing();
        return update.bind("tenant", application.tenant().value())
                .bind("id", application.id().value())
                .bind("appId", application.appId().value())
                .bind("displayName", application.displayName())
                .bind("identifierUris", json(application.identifierUris()))
                .bind("redirectUris", json(application.redirectUris()))
                .bind("homePageUrl", application.homePageUrl().orElse(null))
                .bind("host", host(application).orElse(null))
                .bind("path", publishing.map(p -> p.externalUrl().path()).orElse(null))
                .bind("publishing", publishing.map(PublishingText::write).orElse(null))
                .bind("group", application.group().map(ConnectorGroupId::value).orElse(null))
                .bind("publicClient", application.publicClient())
                .bind("system", application.system())
                .bind("created", micros(application.created()))
                .bind("appRoles", AppRolesText.write(application.appRoles()));
    }
}
