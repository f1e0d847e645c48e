package io.postern.admin.service;

import io.postern.domain.signon.SignOnMode;
import io.postern.store.SamlCertificate;
import io.postern.store.Stores;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a declaration does not bring along, told once when an application comes to be by one: private keys and secrets
/// never leave the tenant that they were made in.
final class NotCarried {
    private NotCarried() {}

    static List<String> warnings(Stores stores, Optional<Declared> before, Declared after) {
        var warnings = new ArrayList<String>();
        String name = after.application().displayName();
        if (isSaml(after) && before.filter(NotCarried::isSaml).isEmpty()) {
            stores
                    .samlCertificates()
                    .list(after.application().tenant(), after.application().appId())
                    .stream()
                    .filter(SamlCertificate::active)
                    .findFirst()
                    .ifPresent(certificate -> warnings.add("'" + name + "' is signed on to with a certificate of this"
                            + " tenant, " + certificate.thumbprint() + ", since signing keys are not carried: give the"
                            + " application the metadata that 'postern app sso show' names"));
        }
        boolean confidential =
                !after.redirectUris().isEmpty() && !after.application().publicClient();
        if (confidential && before.isEmpty()) {
            warnings.add("secrets and certificates of clients are not carried: if '" + name + "' proves itself by one,"
                    + " make one with 'postern app client secret add'");
        }
        return List.copyOf(warnings);
    }

    private static boolean isSaml(Declared declared) {
        return declared.signOn()
                .filter(signOn -> signOn.mode() == SignOnMode.SAML)
                .isPresent();
    }
}
