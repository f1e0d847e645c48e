package io.postern.identity.saml;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.store.Tenant;
import io.postern.web.Parameters;
import java.util.Optional;

/// `/{tenant}/saml2/start?appid=...`: opens an application as its tile does (3.4.3): at its sign-on URL where it has
/// one, else by a response that nobody asked for.
public final class SamlStart {
    private final SamlParties parties;
    private final SamlRequests requests;
    private final SamlEndpoint endpoint;
    private final FaultWriter faults;

    SamlStart(SamlParties parties, SamlRequests requests, SamlEndpoint endpoint, FaultWriter faults) {
        this.parties = parties;
        this.requests = requests;
        this.endpoint = endpoint;
        this.faults = faults;
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        String appId = Parameters.parse(request.query().rawValue()).oneOrEmpty("appid");
        Optional<SamlParty> party = parties.find(tenant, appId);
        if (party.isEmpty()) {
            faults.page(request, response, Fault.appUnknown(appId, tenant.displayName()));
            return;
        }
        Optional<String> signOnUrl = party.get().settings().signOnUrl();
        if (signOnUrl.isPresent()) {
            response.status(Status.FOUND_302)
                    .header(HeaderNames.LOCATION, signOnUrl.get())
                    .send();
        } else {
            endpoint.begin(request, response, requests.begin(party.get()));
        }
    }
}
