package io.postern.admin.service;

import io.postern.base.config.ConfigReader;
import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.BackendSignOn;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads `publishing` of a template.
final class TemplatePublishingFile {
    private static final int PORT_MAX = 65_535;
    private static final Map<String, PreAuthentication> MODES =
            Map.of("postern", PreAuthentication.POSTERN, "passthrough", PreAuthentication.PASSTHROUGH);

    private final Set<String> parameters;

    /// @param parameters that conditions may name
    TemplatePublishingFile(Set<String> parameters) {
        this.parameters = parameters;
    }

    TemplatePublishing read(ConfigReader in, boolean longTimeout) {
        return new TemplatePublishing(
                in.parsed(
                        "pre-authentication",
                        Optional.empty(),
                        "postern or passthrough",
                        text -> Optional.ofNullable(MODES.get(text))
                                .map(Optional::of)
                                .orElse(null)),
                flag(in, "translate-headers"),
                flag(in, "http-only-cookie"),
                flag(in, "persistent-cookie"),
                flag(in, "same-site-none"),
                longTimeout,
                in.has("kerberos") ? Optional.of(kerberos(in.section("kerberos"))) : Optional.empty(),
                in.has("second") ? second(in.section("second")) : Optional.empty());
    }

    private static Optional<Boolean> flag(ConfigReader in, String key) {
        return in.has(key) ? Optional.of(in.flag(key, false)) : Optional.empty();
    }

    private TemplatePublishing.Kerberos kerberos(ConfigReader in) {
        return new TemplatePublishing.Kerberos(
                when(in),
                in.text("spn", "HTTP/{internal-host}"),
                in.parsed(
                        "identity",
                        BackendSignOn.LoginIdentity.USER_PRINCIPAL_NAME,
                        "a login identity, such as userPrincipalName",
                        text -> BackendSignOn.LoginIdentity.of(text).orElse(null)));
    }

    private Optional<TemplatePublishing.Second> second(ConfigReader in) {
        Optional<TemplatePublishing.When> when = when(in);
        if (when.isEmpty()) {
            in.fault("when", "is missing; say at which answer there is a second application, as in old-release=yes");
        }
        String suffix = in.text("name-suffix", " (2)");
        int secure = (int) in.number("secure-port", 443, 1, PORT_MAX);
        int plain = (int) in.number("plain-port", 80, 1, PORT_MAX);
        String external = in.text("external-url", "");
        if (!external.isEmpty() && !parameters.contains(external)) {
            in.fault("external-url", "names '" + external + "', which is no parameter; add it under parameters");
        }
        return when.map(w -> new TemplatePublishing.Second(w, suffix, secure, plain, external));
    }

    private Optional<TemplatePublishing.When> when(ConfigReader in) {
        Optional<String> text = in.text("when");
        Optional<TemplatePublishing.When> when = text.flatMap(TemplatePublishingFile::when);
        if (text.isPresent()
                && when.filter(w -> parameters.contains(w.parameter())).isEmpty()) {
            in.fault("when", "is '" + text.get() + "' but must be PARAMETER=VALUE with a parameter of the template");
        }
        return when;
    }

    static Optional<TemplatePublishing.When> when(String text) {
        int cut = text.indexOf('=');
        return cut < 1
                ? Optional.empty()
                : Optional.of(new TemplatePublishing.When(text.substring(0, cut), text.substring(cut + 1)));
    }
}
