package io.postern.identity.edge;

import io.postern.domain.claims.Person;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.BackendSignOn.Kerberos;
import io.postern.domain.publish.BackendSignOn.Mechanism;
import io.postern.domain.signon.DomainLogin;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// What a connector needs to get a ticket as the user (3.2).
final class KerberosFields {
    private KerberosFields() {}

    /// @throws SignOnFault when the user has no such name (13016)
    static SignOnFields of(Person person, Kerberos settings) throws SignOnFault {
        DomainLogin login = DomainLogin.of(person, settings.identity())
                .orElseThrow(() -> new SignOnFault(
                        Cause.SIGN_ON_NO_IDENTITY,
                        DomainLogin.missing(person.userPrincipalName(), settings.identity())));
        return SignOnFields.forConnector(
                "postern-sign-on",
                "kerberos user=" + encode(login.name())
                        + " identity=" + login.identity().text()
                        + " spn=" + encode(settings.servicePrincipalName())
                        + " mechanism=" + (settings.mechanism() == Mechanism.SPNEGO ? "spnego" : "krb5")
                        + " mutual=" + (settings.mutual() ? 1 : 0));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
