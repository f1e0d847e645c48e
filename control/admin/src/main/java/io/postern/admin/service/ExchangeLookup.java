package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.domain.event.AccessEvent;
import io.postern.domain.publish.Application;
import io.postern.store.Connector;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.Optional;

/// What became of one exchange, by the id that its error page shows: who, which application, through which
/// connector, why, and what to do. As this node of the service saw it.
public final class ExchangeLookup {
    /// @param user empty where nobody was admitted, or the account is gone
    /// @param connector empty where none was reached, or it is gone
    public record Told(
            AccessEvent event, Optional<Application> application, Optional<User> user, Optional<Connector> connector) {}

    private final String node;
    private final Ledger ledger;
    private final ExchangeBook book;

    public ExchangeLookup(String node, Ledger ledger, ExchangeBook book) {
        this.node = node;
        this.ledger = ledger;
        this.book = book;
    }

    public String node() {
        return node;
    }

    /// Of another tenant's applications nothing is told.
    public Outcome<Told> find(TenantId tenant, String exchange) {
        return ledger.look(stores -> book.find(exchange, ledger.clock().instant())
                .flatMap(event -> told(stores, tenant, event))
                .orElseThrow(() -> Rejected.notFound("failed exchange", exchange)));
    }

    private static Optional<Told> told(Stores stores, TenantId tenant, AccessEvent event) {
        Optional<Application> application = event.application().flatMap(id -> of(stores, tenant, id));
        if (event.application().isPresent() && application.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Told(
                event,
                application,
                event.user().flatMap(id -> stores.users().find(tenant, id)),
                event.connector().flatMap(id -> stores.connectors().find(tenant, id))));
    }

    private static Optional<Application> of(Stores stores, TenantId tenant, AppId id) {
        return stores.applications().findByAppId(id).filter(a -> a.tenant().equals(tenant));
    }
}
