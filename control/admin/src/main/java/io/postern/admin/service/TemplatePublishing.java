package io.postern.admin.service;

import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.BackendSignOn;
import io.postern.domain.publish.FieldSettings;
import io.postern.domain.publish.OwnCookies;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.publish.SignOnSettings;
import io.postern.domain.publish.TimeLimits;
import java.util.Map;
import java.util.Optional;

/// How a template publishes; what is empty has its default.
///
/// @param kerberos the connector signs the user in, where somebody answers so
public record TemplatePublishing(
        Optional<PreAuthentication> preAuthentication,
        Optional<Boolean> translateHeaders,
        Optional<Boolean> httpOnly,
        Optional<Boolean> persistent,
        Optional<Boolean> sameSiteNone,
        boolean longTimeout,
        Optional<Kerberos> kerberos,
        Optional<Second> second) {
    /// An answer that something hangs on: `old-release=yes`.
    public record When(String parameter, String value) {
        boolean holds(Map<String, String> answers) {
            return answers.getOrDefault(parameter, "").equals(value);
        }
    }

    /// @param spn with `{parameter}`
    public record Kerberos(Optional<When> when, String spn, BackendSignOn.LoginIdentity identity) {}

    /// Another port of the same product, published as an application of its own whose users are those of the first:
    /// without sign-on and tile.
    ///
    /// @param suffix of its name
    /// @param securePort where the first lies inside by https
    /// @param plainPort where it lies inside by http
    /// @param externalUrl name of the parameter that may hold one
    public record Second(When when, String suffix, int securePort, int plainPort, String externalUrl) {}

    /// Of the first application.
    PublishingSettings first(PublishingSettings settings, Map<String, String> answers) {
        return kerberos.filter(k -> k.when().map(w -> w.holds(answers)).orElse(true))
                .map(k -> both(settings)
                        .with(new SignOnSettings(new BackendSignOn.Kerberos(
                                Filling.of(k.spn(), answers), k.identity(), BackendSignOn.Mechanism.SPNEGO, false))))
                .orElseGet(() -> both(settings));
    }

    PublishingSettings both(PublishingSettings s) {
        FieldSettings fields = s.fields();
        OwnCookies cookies = s.cookies();
        return s.with(new TimeLimits(
                        longTimeout ? TimeLimits.LONG_FIRST_BYTE : s.times().firstByte(),
                        s.times().webSocketIdle()))
                .with(new FieldSettings(
                        translateHeaders.orElse(fields.translate()),
                        fields.forwarded(),
                        fields.answersRobots(),
                        fields.added()))
                .with(new OwnCookies(
                        httpOnly.orElse(cookies.httpOnly()),
                        cookies.secure(),
                        persistent.orElse(cookies.persistent()),
                        sameSiteNone.orElse(cookies.sameSiteNone())));
    }
}
