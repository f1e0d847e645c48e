package io.postern.identity.saml;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.claims.Claim;
import io.postern.domain.claims.ClaimRule;
import io.postern.domain.claims.ClaimsPolicy;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.saml.metadata.IdpMetadata;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.XmlSigner;
import io.postern.store.Tenant;
import io.postern.web.Parameters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// `/{tenant}/federationmetadata/2007-06/federationmetadata.xml`, with `appid` for one application; with
/// `roledescriptor=no` without the elements of WS-Federation, which strict readers refuse (S1).
public final class MetadataEndpoint {
    private final SamlParties parties;
    private final FaultWriter faults;

    MetadataEndpoint(SamlParties parties, FaultWriter faults) {
        this.parties = parties;
        this.faults = faults;
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters parameters = Parameters.parse(request.query().rawValue());
        Optional<String> appId = parameters.one("appid");
        Optional<SamlParty> party = appId.flatMap(id -> parties.find(tenant, id));
        if (appId.isPresent() && party.isEmpty()) {
            faults.page(request, response, Fault.appUnknown(appId.get(), tenant.displayName()));
            return;
        }
        boolean federation = parameters
                .one("roledescriptor")
                .map(word -> !word.equals("no"))
                .orElse(party.map(p -> p.settings().signing().roleDescriptors()).orElse(true));
        Optional<XmlSigner> signer = party.flatMap(parties::signer);
        String xml = Markup.write(
                metadata(tenant, party).write(federation ? federation(tenant, party) : null, signer.orElse(null)));
        response.header(HeaderNames.CONTENT_TYPE, "application/xml; charset=utf-8")
                .header(HeaderNames.CONTENT_DISPOSITION, "inline; filename=\"federationmetadata.xml\"")
                .send(("<?xml version=\"1.0\" encoding=\"utf-8\"?>" + xml).getBytes(StandardCharsets.UTF_8));
    }

    private IdpMetadata metadata(Tenant tenant, Optional<SamlParty> party) {
        String endpoint = parties.endpoint(tenant, "saml2");
        return new IdpMetadata(
                party.map(parties::issuer).orElseGet(() -> parties.issuer(tenant)),
                party.map(parties::certificates).orElseGet(() -> parties.certificates(tenant)),
                endpoint,
                Optional.of(endpoint),
                party.map(p -> p.settings().requests().required()).orElse(false));
    }

    private IdpMetadata.Federation federation(Tenant tenant, Optional<SamlParty> party) {
        List<ClaimRule> rules = party.map(p -> p.settings().claims())
                .orElse(ClaimsPolicy.DEFAULT)
                .rules();
        List<String> claims = rules.stream()
                .map(rule -> new Claim(rule.name(), rule.namespace(), rule.nameFormat(), List.of()).fullName())
                .toList();
        return new IdpMetadata.Federation(parties.endpoint(tenant, "wsfed"), claims);
    }
}
