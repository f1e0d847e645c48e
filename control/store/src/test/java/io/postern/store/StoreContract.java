package io.postern.store;

import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.GroupId;
import io.postern.domain.ObjectId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.publish.Application;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What an aggregate promises, checked on both databases. Each test uses tenants of its own, so the tests
/// of a class share a database.
@ParameterizedClass
@EnumSource(TestDatabase.class)
abstract class StoreContract {
    static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123456Z");
    private static TestDatabase.Opened opened;
    static Store store;

    @Parameter
    TestDatabase database;

    @BeforeParameterizedClassInvocation(injectArguments = true)
    static void open(TestDatabase database) {
        opened = database.create();
        store = opened.store();
    }

    @AfterParameterizedClassInvocation(injectArguments = true)
    static void close(TestDatabase database) {
        store.close();
        opened.close();
    }

    static <T> T read(Function<Stores, T> work) {
        return store.read(work);
    }

    static <T> T write(Function<Stores, T> work) {
        return store.write(work);
    }

    static void change(Consumer<Stores> work) {
        store.write(stores -> {
            work.accept(stores);
            return true;
        });
    }

    // JUnit's own take suppliers too, which makes a lambda inside ambiguous
    static void assertTrue(boolean condition, String... message) {
        Assertions.assertTrue(condition, String.join(" ", message));
    }

    static void assertFalse(boolean condition, String... message) {
        Assertions.assertFalse(condition, String.join(" ", message));
    }

    static Tenant tenant() {
        TenantId id = TenantId.random();
        String name = "t" + id.value().substring(0, 8);
        var tenant = new Tenant(id, name, "Tenant " + name, name + ".example", NOW);
        change(s -> s.tenants().insert(tenant));
        return tenant;
    }

    static User someone(Tenant tenant, String name) {
        return new User(
                tenant.id(),
                UserId.random(),
                name + "@" + tenant.domain(),
                "Display " + name,
                Optional.of("Given"),
                Optional.empty(),
                Optional.of(name + "@mail.example"),
                true,
                Optional.of("$argon2id$..."),
                false,
                NOW,
                NOW);
    }

    static User user(Tenant tenant, String name) {
        User user = someone(tenant, name);
        change(s -> s.users().insert(user));
        return user;
    }

    static Group group(Tenant tenant, String name) {
        var group = new Group(tenant.id(), GroupId.random(), name, Optional.of("about " + name), NOW);
        change(s -> s.groups().insert(group));
        return group;
    }

    static ConnectorGroup connectorGroup(Tenant tenant, String name, boolean isDefault) {
        var group =
                new ConnectorGroup(tenant.id(), ConnectorGroupId.random(), name, isDefault, Optional.of("eur"), NOW);
        change(s -> s.connectorGroups().insert(group));
        return group;
    }

    static ServicePrincipal servicePrincipal(Tenant tenant, String name) {
        var principal = new ServicePrincipal(
                tenant.id(), ServicePrincipalId.random(), AppId.random(), name, true, true, List.of("HideApp"), NOW);
        change(s -> s.servicePrincipals().insert(principal));
        return principal;
    }

    /// A registration that is not published, nor stored.
    static Application registration(Tenant tenant, String displayName) {
        return new Application(
                tenant.id(),
                ObjectId.random(),
                AppId.random(),
                displayName,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                NOW);
    }
}
