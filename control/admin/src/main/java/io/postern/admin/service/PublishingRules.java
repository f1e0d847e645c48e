package io.postern.admin.service;

import io.postern.base.Outcome.Violation;
import io.postern.domain.ExternalHost;
import io.postern.domain.ExternalUrl;
import io.postern.domain.HostNames;
import io.postern.domain.InternalUrl;
import io.postern.domain.OwnHost;
import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.publish.Segment;
import io.postern.store.Domain;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// The URL rules of a publication (PUB-1 to PUB-5, PUB-8). Uniqueness (PUB-6) needs the store and is
/// checked by [Applications].
public final class PublishingRules {
    /// @param warnings what is accepted but unwise
    record Checked(Publishing publishing, List<String> warnings) {}

    private static final int LABEL_MAX = 63; // RFC 1035 §2.3.4

    private final Site site;
    private final Predicate<String> hasCertificate;

    /// @param hasCertificate whether the edge can present a certificate for a host
    public PublishingRules(Site site, Predicate<String> hasCertificate) {
        this.site = site;
        this.hasCertificate = hasCertificate;
    }

    /// @param current what is published now; empty for a first publication
    /// @param domains of the tenant, proven or not
    /// @param tenantName part of the default external name (DOM-1)
    /// @throws Rejected with every fault found
    Checked check(
            PublishingDraft draft,
            Optional<Publishing> current,
            String displayName,
            String tenantName,
            List<Domain> domains) {
        var faults = new ArrayList<Violation>();
        var warnings = new ArrayList<String>();
        PreAuthentication preAuthentication = draft.preAuthentication()
                .or(current.map(Publishing::preAuthentication).orElse(PreAuthentication.POSTERN));
        Optional<InternalUrl> internal = internal(draft, current, faults, warnings);
        Optional<ExternalUrl> external = external(
                draft, current, internal, displayName, tenantName, domains, preAuthentication, faults, warnings);
        PublishingSettings before = current.map(Publishing::settings).orElse(PublishingSettings.DEFAULT);
        Optional<PublishingSettings> settings = settings(draft, before, domains, faults);
        List<Segment> segments =
                segments(draft, current.map(Publishing::segments).orElse(List.of()), domains, faults);
        if (!faults.isEmpty() || internal.isEmpty() || external.isEmpty() || settings.isEmpty()) {
            throw Rejected.invalid(faults);
        }
        try {
            var publishing =
                    new Publishing(external.get(), internal.get(), preAuthentication, segments, settings.get());
            PublishingAdvice.of(publishing, warnings::add);
            PublishingAdvice.ofChange(current, publishing, warnings::add);
            return new Checked(publishing, List.copyOf(warnings));
        } catch (IllegalArgumentException e) {
            throw Rejected.invalid("onPremisesPublishing", String.valueOf(e.getMessage()));
        }
    }

    private Optional<PublishingSettings> settings(
            PublishingDraft draft, PublishingSettings before, List<Domain> domains, List<Violation> faults) {
        try {
            Optional<ExternalUrl> alternate = draft.alternateUrl().given()
                    ? draft.alternateUrl().value().map(u -> servedUrl(u, domains))
                    : before.alternateUrl();
            return Optional.of(draft.settings()
                    .apply(before.alternately(alternate, alternate.isPresent() && before.alternateForTranslation())));
        } catch (IllegalArgumentException e) {
            faults.add(fault("onPremisesPublishing", e));
            return Optional.empty();
        }
    }

    private List<Segment> segments(
            PublishingDraft draft, List<Segment> before, List<Domain> domains, List<Violation> faults) {
        if (!draft.segments().given()) {
            return before;
        }
        var segments = new ArrayList<Segment>();
        for (PublishingDraft.SegmentDraft asked : draft.segments().value().orElse(List.of())) {
            try {
                InternalUrl internal = InternalUrl.parse(asked.internalUrl());
                InternalAddresses.refusal(internal).ifPresent(why -> {
                    throw new IllegalArgumentException(why);
                });
                segments.add(new Segment(
                        servedUrl(asked.externalUrl(), domains),
                        internal,
                        asked.alternateUrl().value().map(u -> servedUrl(u, domains)),
                        asked.corsRules()));
            } catch (IllegalArgumentException e) {
                faults.add(fault("segmentsConfiguration", e));
            }
        }
        return segments;
    }

    /// On a host that may be published, and that the edge has a certificate for (FE-2).
    private ExternalUrl servedUrl(String text, List<Domain> domains) {
        ExternalUrl url = ownUrl(text);
        checkHost(url.host().value(), domains);
        if (url.path().startsWith("/.postern/")) {
            throw new IllegalArgumentException("path '/.postern/' is reserved on every host; choose another path");
        }
        return url;
    }

    private void checkHost(String host, List<Domain> domains) {
        if (reserved(host)) {
            throw new IllegalArgumentException(
                    "host '" + host + "' is reserved for the service itself; choose another name");
        }
        if (HostNames.isWildcard(host)) {
            checkWildcard(host, domains);
        } else if (!isServed(host)) {
            refuseUnproven(host, domains);
        }
    }

    /// WILD-2: names under the base domain are given out one by one.
    private void checkWildcard(String host, List<Domain> domains) {
        if (host.endsWith("." + site.baseDomain())) {
            throw new IllegalArgumentException("wildcard '" + host + "' lies in the service's own domain '"
                    + site.baseDomain() + "'; a wildcard needs a domain of your own (WILD-2)");
        }
        if (!hasCertificate.test(host) && !Domains.isProven(domains, host)) {
            throw new IllegalArgumentException("wildcard '" + host
                    + "' lies in no verified domain of yours, and no configured certificate covers it;"
                    + " add the domain: postern domain add (WILD-2)");
        }
    }

    private ExternalUrl ownUrl(String text) {
        return ExternalUrl.parse(site.withoutPort(text));
    }

    private Optional<InternalUrl> internal(
            PublishingDraft draft, Optional<Publishing> current, List<Violation> faults, List<String> warnings) {
        if (!draft.internalUrl().given()) {
            if (current.isEmpty()) {
                faults.add(new Violation(
                        "internalUrl", "internalUrl is missing; say where the connector finds the application"));
            }
            return current.map(Publishing::internalUrl);
        }
        try {
            InternalUrl url = InternalUrl.parse(draft.internalUrl().value().orElse(""));
            Optional<String> refusal = InternalAddresses.refusal(url);
            if (refusal.isPresent()) {
                faults.add(new Violation("internalUrl", refusal.get()));
                return Optional.empty();
            }
            if (url.isBareAddress()) {
                warnings.add("internalUrl '" + url
                        + "' names an address; a host name survives a move of the machine (PUB-3)");
            }
            return Optional.of(url);
        } catch (IllegalArgumentException e) {
            faults.add(fault("internalUrl", e));
            return Optional.empty();
        }
    }

    private Optional<ExternalUrl> external(
            PublishingDraft draft,
            Optional<Publishing> current,
            Optional<InternalUrl> internal,
            String displayName,
            String tenantName,
            List<Domain> domains,
            PreAuthentication preAuthentication,
            List<Violation> faults,
            List<String> warnings) {
        if (!draft.externalUrl().given() && current.isPresent()) {
            return current.map(Publishing::externalUrl);
        }
        try {
            ExternalUrl url = draft.externalUrl().given()
                    ? servedUrl(draft.externalUrl().value().orElse(""), domains)
                    : new ExternalUrl(
                            "https",
                            defaultHost(displayName, tenantName),
                            internal.map(InternalUrl::path).orElse("/"));
            if (url.scheme().equals("http") && preAuthentication == PreAuthentication.PASSTHROUGH) {
                warnings.add("externalUrl '" + url + "' is not encrypted; use https unless a client cannot");
            }
            return Optional.of(url);
        } catch (IllegalArgumentException e) {
            faults.add(fault("externalUrl", e));
            return Optional.empty();
        }
    }

    private boolean reserved(String host) {
        return host.equals(site.baseDomain())
                || Arrays.stream(OwnHost.values()).anyMatch(own -> host.equals(own.label() + "." + site.baseDomain()))
                || (host.endsWith("." + site.baseDomain()) && OwnHost.isPortalLabel(host));
    }

    /// DOM-4.
    private void refuseUnproven(String host, List<Domain> domains) {
        if (Domains.isProven(domains, host)) {
            return;
        }
        for (Domain domain : domains) {
            if (domain.contains(host.startsWith("*.") ? host.substring(2) : host)) {
                throw new IllegalArgumentException("host '" + host + "' lies in domain '" + domain.name()
                        + "', which is not verified; create the TXT record " + Domains.proofName(domain)
                        + " with the text " + domain.proof() + ", then: postern domain verify " + domain.name()
                        + " (DOM-4)");
            }
        }
        throw new IllegalArgumentException("host '" + host + "' is neither one label under '" + site.baseDomain()
                + "' nor in a domain of yours; use https://<name>." + site.baseDomain()
                + "/ or add the domain: postern domain add (DOM-4)");
    }

    private boolean isServed(String host) {
        String suffix = "." + site.baseDomain();
        boolean oneLabelBelow = host.endsWith(suffix) && host.indexOf('.') == host.length() - suffix.length();
        return oneLabelBelow || hasCertificate.test(host);
    }

    /// `<app>-<tenant>.<base domain>` (DOM-1), short enough for one label.
    private ExternalHost defaultHost(String displayName, String tenantName) {
        String plain = Normalizer.normalize(displayName, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}+", "")
                .replaceAll("[^a-z0-9]+", "-");
        int room = LABEL_MAX - 1 - tenantName.length();
        String name = plain.substring(0, Math.min(plain.length(), room)).replaceAll("^-+|-+$", "");
        return new ExternalHost((name.isEmpty() ? "app" : name) + "-" + tenantName + "." + site.baseDomain());
    }

    private static Violation fault(String field, IllegalArgumentException e) {
        return new Violation(field, String.valueOf(e.getMessage()));
    }
}
