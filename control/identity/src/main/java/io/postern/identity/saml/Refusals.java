package io.postern.identity.saml;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.journal.SignInFacts;
import io.postern.identity.journal.SignInJournal;
import io.postern.identity.journal.SignInProtocol;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.web.RequestFacts;
import java.util.Optional;

/// Refuses requests before anybody was asked to sign in. The sign-in log tells of them once it is known whose they
/// are; a stranger's fill no log.
final class Refusals {
    private final SignInJournal journal;
    private final FaultWriter faults;
    private final SignInProtocol protocol;

    Refusals(SignInJournal journal, FaultWriter faults, SignInProtocol protocol) {
        this.journal = journal;
        this.faults = faults;
        this.protocol = protocol;
    }

    void note(ServerRequest request, SamlParty party, Fault fault) {
        journal.failed(
                RequestFacts.of(request),
                SignInFacts.of(party.tenant(), protocol, party.appId().value(), party.name()),
                fault.number(),
                fault.text());
    }

    /// On a page.
    ///
    /// @param party empty where it is known no more
    void refuse(ServerRequest request, ServerResponse response, Optional<SamlParty> party, Fault fault) {
        party.ifPresent(known -> note(request, known, fault));
        faults.page(request, response, fault);
    }

    /// On a page.
    void refuse(ServerRequest request, ServerResponse response, SamlParty party, Fault fault) {
        refuse(request, response, Optional.of(party), fault);
    }
}
