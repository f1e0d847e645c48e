package io.postern.identity.edge;

import io.postern.domain.claims.Person;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.BackendSignOn.Kerberos;
import io.postern.domain.publish.BackendSignOn.LoginIdentity;
import io.postern.domain.publish.BackendSignOn.Mechanism;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// What a connector needs to get a ticket as the user (3.2).
final class KerberosFields {
    private KerberosFields() {}

    /// @throws SignOnFault when the user has no such name (13016)
    static SignOnFields of(Person person, Kerberos settings) throws SignOnFault {
        String name = name(person, settings.identity());
        return SignOnFields.forConnector(
                "postern-sign-on",
                "kerberos user=" + encode(name)
                        + " identity=" + settings.identity().text()
                        + " spn=" + encode(settings.servicePrincipalName())
                        + " mechanism=" + (settings.mechanism() == Mechanism.SPNEGO ? "spnego" : "krb5")
                        + " mutual=" + (settings.mutual() ? 1 : 0));
    }

    private static String name(Person person, LoginIdentity identity) throws SignOnFault {
        return switch (identity) {
            case USER_PRINCIPAL_NAME -> person.userPrincipalName();
            case USER_PRINCIPAL_USERNAME -> before(person.userPrincipalName());
            case ON_PREMISES_USER_PRINCIPAL_NAME -> attribute(person, "onPremisesUserPrincipalName", identity);
            case ON_PREMISES_USER_PRINCIPAL_USERNAME ->
                before(attribute(person, "onPremisesUserPrincipalName", identity));
            case ON_PREMISES_SAM_ACCOUNT_NAME -> attribute(person, "onPremisesSamAccountName", identity);
        };
    }

    private static String attribute(Person person, String name, LoginIdentity identity) throws SignOnFault {
        return person.values(name).stream()
                .findFirst()
                .orElseThrow(() -> new SignOnFault(
                        Cause.SIGN_ON_NO_IDENTITY,
                        "the login identity is " + identity.text() + ", and user " + person.userPrincipalName()
                                + " has no " + name + "; set it, or choose another identity (13016)"));
    }

    private static String before(String name) {
        int at = name.lastIndexOf('@');
        return at < 0 ? name : name.substring(0, at);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
