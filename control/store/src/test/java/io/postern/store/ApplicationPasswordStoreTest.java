package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.ConnectorId;
import io.postern.domain.ServicePrincipalId;
import io.postern.store.ApplicationPassword.Whose;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ApplicationPasswordStoreTest extends StoreContract {
    private ApplicationPassword password(Tenant tenant, ServicePrincipalId resource, Whose whose) {
        return new ApplicationPassword(
                tenant.id(), resource, whose, "alice", UUID.randomUUID().toString(), NOW);
    }

    @Test
    void ownComesBeforeAGroupsAndGoesWithItsUser() {
        Tenant tenant = tenant();
        User anna = user(tenant, "anna");
        Group team = group(tenant, "Team");
        ServicePrincipalId resource = servicePrincipal(tenant, "Wiki").id();
        change(s -> s.groups().addMember(tenant.id(), team.id(), anna.id()));
        ApplicationPassword shared = password(tenant, resource, new Whose.OfGroup(team.id()));
        ApplicationPassword own = password(tenant, resource, new Whose.OfUser(anna.id()));

        change(s -> s.applicationPasswords().put(shared, Map.of()));
        assertEquals(
                Optional.of(shared), read(s -> s.applicationPasswords().forUser(tenant.id(), resource, anna.id())));
        change(s -> s.applicationPasswords().put(own, Map.of()));
        assertEquals(Optional.of(own), read(s -> s.applicationPasswords().forUser(tenant.id(), resource, anna.id())));
        assertEquals(
                2,
                read(s -> s.applicationPasswords().list(tenant.id(), resource)).size());

        assertTrue(write(s ->
                s.applicationPasswords().delete(tenant.id(), resource, anna.id().value())));
        assertFalse(write(s ->
                s.applicationPasswords().delete(tenant.id(), resource, anna.id().value())));
    }

    @Test
    void aNewPasswordTakesTheOldCopiesAway() {
        Tenant tenant = tenant();
        User anna = user(tenant, "anna");
        ServicePrincipalId resource = servicePrincipal(tenant, "Wiki").id();
        Connector added = connector(connectorGroup(tenant, "Plant", false));
        ConnectorId connector = added.id();
        assertTrue(write(s -> s.applicationPasswords().putKey(tenant.id(), connector, "k1")));
        assertFalse(write(s -> s.applicationPasswords().putKey(tenant.id(), connector, "k1")));
        ApplicationPassword first = password(tenant, resource, new Whose.OfUser(anna.id()));
        change(s -> s.applicationPasswords().put(first, Map.of(connector, "sealed")));
        assertEquals(Optional.of("sealed"), read(s -> s.applicationPasswords().sealed(first, connector)));

        ApplicationPassword second = password(tenant, resource, new Whose.OfUser(anna.id()));
        change(s -> s.applicationPasswords().put(second, Map.of()));

        assertEquals(Optional.empty(), read(s -> s.applicationPasswords().sealed(second, connector)));
        change(s -> s.applicationPasswords().put(second, Map.of(connector, "again")));
        assertTrue(write(s -> s.applicationPasswords().putKey(tenant.id(), connector, "k2")));
        assertEquals(Optional.empty(), read(s -> s.applicationPasswords().sealed(second, connector)));
        assertEquals(List.of(), read(s -> s.applicationPasswords().missing(tenant.id(), added.group(), connector, 9)));
    }

    @Test
    void nothingNewIsSealedToADisabledConnector() {
        Tenant tenant = tenant();
        Connector added = connector(connectorGroup(tenant, "Plant", false));
        change(s -> s.applicationPasswords().putKey(tenant.id(), added.id(), "k1"));
        assertEquals(
                Map.of(added.id(), "k1"), read(s -> s.applicationPasswords().keys(tenant.id(), added.group())));

        change(s -> s.connectors().update(added.withEnabled(false)));

        assertEquals(Map.of(), read(s -> s.applicationPasswords().keys(tenant.id(), added.group())));
    }

    private static Connector connector(ConnectorGroup group) {
        var connector = new Connector(
                group.tenant(),
                ConnectorId.random(),
                group.id(),
                "host",
                Optional.empty(),
                "1.0",
                UUID.randomUUID().toString(),
                NOW,
                NOW,
                Optional.empty(),
                true,
                Optional.empty());
        change(s -> s.connectors().insert(connector));
        return connector;
    }
}
