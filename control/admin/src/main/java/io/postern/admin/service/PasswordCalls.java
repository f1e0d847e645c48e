package io.postern.admin.service;

import io.postern.account.onpremises.PasswordDesk;
import io.postern.base.Outcome;
import io.postern.base.PasswordVerdict;
import io.postern.store.Connector;
import java.time.Duration;
import java.util.Set;

/// Connectors that wait for passwords to check in the directories they reach, and their answers. Who calls
/// is known
/// from his certificate alone, and he gets what is for his own group.
public final class PasswordCalls {
    /// Shorter than what proxies on the way let a request wait.
    private static final Duration HOLD = Duration.ofSeconds(20);

    private final Ledger ledger;
    private final PasswordDesk desk;

    public PasswordCalls(Ledger ledger, PasswordDesk desk) {
        this.ledger = ledger;
        this.desk = desk;
    }

    /// Returns when there are questions, or after a while without.
    ///
    /// @param certificate SHA-256 of the one that the caller proved
    /// @param key that he opens passwords with
    /// @param free how many questions he takes
    /// @return not found for a certificate that is no connector's; forbidden for a connector that is
    /// disabled
    public Outcome<PasswordDesk.Turn> await(String certificate, Set<String> directories, String key, int free) {
        return connector(certificate)
                .then(connector -> Outcome.done(desk.await(
                        new PasswordDesk.Caller(
                                connector.tenant(),
                                connector.group(),
                                connector.id(),
                                connector.machineName(),
                                directories,
                                key,
                                free),
                        HOLD)));
    }

    /// @return whether somebody still waited for it; else as [#await]
    public Outcome<Boolean> answer(String certificate, String question, PasswordVerdict verdict, String detail) {
        return connector(certificate)
                .then(connector -> Outcome.done(desk.answer(connector.id(), question, verdict, detail)));
    }

    private Outcome<Connector> connector(String certificate) {
        return ledger.look(stores -> {
            Connector connector = stores.connectors()
                    .findByCertificate(certificate)
                    .orElseThrow(() -> Rejected.notFound("connector with certificate", certificate));
            if (!connector.enabled()) {
                throw Rejected.forbidden("connector '" + connector.machineName() + "' is disabled");
            }
            return connector;
        });
    }
}
