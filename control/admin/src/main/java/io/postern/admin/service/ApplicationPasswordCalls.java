package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.AppId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.policy.Subject;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.PasswordSignOn;
import io.postern.domain.publish.Publishing;
import io.postern.domain.snapshot.Revocations;
import io.postern.store.ApplicationPassword;
import io.postern.store.ApplicationPasswordStore.Missing;
import io.postern.store.Connector;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// What connectors ask and bring about passwords for applications: their own keys, copies that others of their
/// group lack, and the copy for a user who is to be signed in. Who calls is known from his certificate alone,
/// and he gets what is of applications of his own group.
public final class ApplicationPasswordCalls {
    private static final int MISSING_MAX = 50;

    private final Ledger ledger;
    private final Supplier<Revocations> revocations;

    /// @param revocations in force, as the data plane sees them
    public ApplicationPasswordCalls(Ledger ledger, Supplier<Revocations> revocations) {
        this.ledger = ledger;
        this.revocations = revocations;
    }

    /// A session of a user here for which a connector keeps sessions at applications.
    ///
    /// @param session empty for a user who comes by tokens of no session
    /// @param begun when the first of them was made
    public record Held(UserId user, Optional<SessionId> session, Instant begun) {}

    /// @param context it was sealed for
    /// @param host for the field `Host`, where the application sees its external one
    public record Copy(
            ApplicationPassword password,
            PasswordSignOn settings,
            Optional<String> host,
            String sealed,
            String context) {}

    /// Registers the caller's key.
    ///
    /// @return what others of his group lack and he can give them
    public Outcome<List<Missing>> key(String certificate, String key) {
        return as(certificate, (stores, connector) -> {
            stores.applicationPasswords().putKey(connector.tenant(), connector.id(), key);
            return stores.applicationPasswords()
                    .missing(connector.tenant(), connector.group(), connector.id(), MISSING_MAX);
        });
    }

    /// The context of a copy, which whoever seals it anew must know.
    public static String context(Missing missing) {
        return ApplicationPasswords.context(missing.resource(), missing.principal(), missing.version());
    }

    /// @param missing as [#key] gave it to this caller
    /// @return false when it is not wanted any more
    public Outcome<Boolean> copy(String certificate, Missing missing, String sealed) {
        return as(certificate, (stores, connector) -> {
            boolean isAsked = stores.applicationPasswords()
                    .missing(connector.tenant(), connector.group(), connector.id(), MISSING_MAX)
                    .contains(missing);
            return isAsked && stores.applicationPasswords().addCopy(connector.tenant(), missing, sealed);
        });
    }

    /// @return not found where there is none, conflict where this connector has no copy yet
    public Outcome<Copy> fetch(String certificate, AppId app, UserId user) {
        return ledger.look(stores -> {
            Connector connector = connector(stores, certificate);
            Application application = stores.applications()
                    .findByAppId(app)
                    .filter(a -> a.tenant().equals(connector.tenant()))
                    .filter(a -> ApplicationPasswords.group(stores, a).equals(connector.group()))
                    .orElseThrow(() -> Rejected.notFound("application of this connector's group", app));
            PasswordSignOn settings = application
                    .publishing()
                    .map(p -> p.settings().signOn().how())
                    .filter(PasswordSignOn.class::isInstance)
                    .map(PasswordSignOn.class::cast)
                    .orElseThrow(() -> Rejected.notFound("sign-on by password at application", app));
            ServicePrincipal principal = stores.servicePrincipals()
                    .findByAppId(connector.tenant(), app)
                    .orElseThrow(() -> Rejected.notFound("application", app));
            ApplicationPassword password = stores.applicationPasswords()
                    .forUser(connector.tenant(), principal.id(), user)
                    .orElseThrow(() -> Rejected.notFound("name and password for user", user));
            String sealed = stores.applicationPasswords()
                    .sealed(password, connector.id())
                    .orElseThrow(() -> Rejected.conflict("connector '" + connector.machineName()
                            + "' has no copy of the password yet; another connector of its group seals one within"
                            + " half a minute, or set the password anew"));
            Optional<String> host = application.publishing().flatMap(ApplicationPasswordCalls::hostField);
            return new Copy(
                    password,
                    settings,
                    host,
                    sealed,
                    ApplicationPasswords.context(
                            principal.id(), password.whose().id(), password.version()));
        });
    }

    /// Which of these are over, by their places in the list: ended, or taken back with all of the user's.
    public Outcome<List<Integer>> ended(String certificate, List<Held> held) {
        return ledger.look(stores -> {
            TenantId tenant = connector(stores, certificate).tenant();
            Revocations now = revocations.get();
            return IntStream.range(0, held.size())
                    .filter(i -> now.covers(subject(tenant, held.get(i))))
                    .boxed()
                    .toList();
        });
    }

    /// Who was signed in at an application had proved before who he is.
    private static Subject subject(TenantId tenant, Held one) {
        return new Subject(tenant, one.user(), "", one.session(), one.begun(), Instant.MAX);
    }

    /// What the backend sees in the field `Host` where it is told the external name.
    static Optional<String> hostField(Publishing publishing) {
        return publishing.settings().fields().translate()
                ? Optional.empty()
                : Optional.of(publishing.externalUrl().host().toString());
    }

    private <T> Outcome<T> as(String certificate, BiFunction<Stores, Connector, T> work) {
        return ledger.decide(now -> stores -> work.apply(stores, connector(stores, certificate)));
    }

    private static Connector connector(Stores stores, String certificate) {
        Connector connector = stores.connectors()
                .findByCertificate(certificate)
                .orElseThrow(() -> Rejected.notFound("connector with certificate", certificate));
        if (!connector.enabled()) {
            throw Rejected.forbidden("connector '" + connector.machineName() + "' is disabled");
        }
        return connector;
    }
}
