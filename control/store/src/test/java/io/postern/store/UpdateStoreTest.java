package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.domain.ConnectorId;
import io.postern.domain.update.UpdatePolicy;
import io.postern.domain.update.UpdatePolicy.Window;
import io.postern.store.ConnectorUpdate.State;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UpdateStoreTest extends StoreContract {
    @Test
    void keepsThePolicyOfEachTenant() {
        Tenant tenant = tenant();
        Tenant other = tenant();
        var policy = new UpdatePolicy(
                true, Optional.of(NOW), Optional.of(new Window(LocalTime.of(22, 30), LocalTime.MIDNIGHT)));

        assertEquals(UpdatePolicy.NONE, read(s -> s.updates().policy(tenant.id())));
        change(s -> s.updates().setPolicy(tenant.id(), policy));
        assertEquals(policy, read(s -> s.updates().policy(tenant.id())));
        assertEquals(UpdatePolicy.NONE, read(s -> s.updates().policy(other.id())));
        change(s -> s.updates().setPolicy(tenant.id(), UpdatePolicy.NONE));
        assertEquals(UpdatePolicy.NONE, read(s -> s.updates().policy(tenant.id())));
    }

    @Test
    void keepsWhatWasSaidLastAndForgetsItWithTheConnector() {
        Tenant tenant = tenant();
        Tenant other = tenant();
        Connector connector = connector(connectorGroup(tenant, "Plant", false));
        var first = new ConnectorUpdate(
                tenant.id(),
                connector.id(),
                "1.0.0",
                Optional.empty(),
                Optional.empty(),
                false,
                State.CURRENT,
                "",
                NOW,
                Optional.empty());
        var then = new ConnectorUpdate(
                tenant.id(),
                connector.id(),
                "1.0.0",
                Optional.of("2.0.0"),
                Optional.of("1.9.0"),
                true,
                State.WAITING,
                "the window opens",
                NOW.plusSeconds(1),
                Optional.of(NOW.plusSeconds(2)));

        change(s -> s.updates().put(first));
        assertEquals(Optional.of(first), read(s -> s.updates().find(tenant.id(), connector.id())));
        change(s -> s.updates().put(then));
        assertEquals(List.of(then), read(s -> s.updates().list(tenant.id())));
        assertEquals(List.of(), read(s -> s.updates().list(other.id())));
        change(s -> s.connectors().delete(tenant.id(), connector.id()));
        assertEquals(List.of(), read(s -> s.updates().list(tenant.id())));
    }

    @Test
    void aGroupHasOneLease() {
        Tenant tenant = tenant();
        ConnectorGroup group = connectorGroup(tenant, "Plant", false);
        UpdateLease first = lease(connector(group));
        UpdateLease second = lease(connector(group));

        change(s -> s.updates().putLease(first));
        change(s -> s.updates().putLease(second));

        assertEquals(Optional.of(second), read(s -> s.updates().lease(tenant.id(), group.id())));
        assertEquals(Optional.empty(), read(s -> s.updates().lease(first.id())));
        assertFalse(write(s -> s.updates().endLease(first.id())));
        assertTrue(write(s -> s.updates().endLease(second.id())));
        assertEquals(Optional.empty(), read(s -> s.updates().lease(tenant.id(), group.id())));
    }

    private static UpdateLease lease(Connector connector) {
        return new UpdateLease(
                connector.tenant(),
                connector.group(),
                UUID.randomUUID().toString(),
                connector.id(),
                "2.0.0",
                NOW.plusSeconds(60));
    }

    private static Connector connector(ConnectorGroup group) {
        ConnectorId id = ConnectorId.random();
        var connector = new Connector(
                group.tenant(),
                id,
                group.id(),
                "host",
                Optional.empty(),
                "1.0.0",
                "print-" + id,
                NOW.plusSeconds(3600),
                NOW,
                Optional.empty(),
                true,
                Optional.empty());
        change(s -> s.connectors().insert(connector));
        return connector;
    }
}
