package io.postern.admin.service;

import io.postern.base.HostPort;
import io.postern.base.Outcome;
import io.postern.base.Outcome.Violation;
import io.postern.domain.InternalUrl;
import io.postern.domain.directory.AppRole;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.signon.SignOnAddresses;
import io.postern.domain.signon.SignOnMode;
import io.postern.store.Assignment;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// Applications from templates: one flow adds the application, its roles, its users and groups, and its sign-on.
public final class Gallery {
    private static final int VALUE_MAX = 512;

    /// What somebody answers.
    ///
    /// @param displayName empty: the template's
    /// @param principals ids of users and groups to assign
    /// @param role value of the role that they get; empty: Default Access
    public record Order(
            Optional<String> displayName,
            Map<String, String> parameters,
            List<String> principals,
            Optional<String> role) {}

    /// @param steps what is left to do in the application, with the values filled in
    /// @param second another port of the same product, whose users are those of the first
    public record Added(
            Template template,
            Application application,
            ServicePrincipal principal,
            Optional<Second> second,
            SignOns.Seen signOn,
            List<String> steps,
            List<String> warnings) {}

    /// An application that is kept in step with the first one.
    public record Second(Application application, ServicePrincipal principal) {}

    private final Ledger ledger;
    private final TemplateShelf shelf;
    private final Applications applications;
    private final SignOns signOns;
    private final Site site;

    public Gallery(Ledger ledger, TemplateShelf shelf, Applications applications, SignOns signOns, Site site) {
        this.ledger = ledger;
        this.shelf = shelf;
        this.applications = applications;
        this.signOns = signOns;
        this.site = site;
    }

    public TemplateShelf shelf() {
        return shelf;
    }

    public Outcome<Template> find(String idOrKey) {
        return shelf.find(idOrKey).map(Outcome::done).orElseGet(() -> missing(idOrKey));
    }

    /// All of it, or nothing.
    public Outcome<Added> add(Actor actor, String idOrKey, Order order) {
        Optional<Template> template = shelf.find(idOrKey);
        template.filter(t -> t.mode() == SignOnMode.SAML).ifPresent(_ -> signOns.prepare(1));
        return template.isEmpty()
                ? missing(idOrKey)
                : ledger.change(actor, change -> add(change, template.get(), order));
    }

    private static <T> Outcome<T> missing(String idOrKey) {
        return new Outcome.NotFound<>(
                "there is no template '" + idOrKey + "' in the gallery; 'postern gallery list' names them");
    }

    private Added add(Change change, Template template, Order order) {
        var warnings = new ArrayList<String>();
        Map<String, String> answers = answers(template, order, warnings);
        String name = order.displayName().orElse(template.name());
        Optional<PublishingDraft> publishing = template.proxied()
                ? Optional.ofNullable(answers.get("internal-url"))
                        .filter(url -> !url.isEmpty())
                        .map(url -> draft(template.publishing(), url, answers))
                : Optional.empty();
        Applications.Created made = applications.create(
                change,
                new Applications.Draft(
                        name,
                        publishing,
                        Optional.empty(),
                        List.of(),
                        filled(template.redirectUris(), answers),
                        template.homePage().map(home -> Filling.of(home, answers)),
                        false));
        warnings.addAll(made.warnings());
        Application application = withRoles(change, made.application(), template);
        ServicePrincipal principal = made.principal().orElseGet(() -> Applications.addPrincipal(change, application));
        template.notes().ifPresent(notes -> Applications.note(change, application, Optional.of(notes)));
        if (template.mode() != SignOnMode.NOT_SUPPORTED) {
            signOns.patch(change, principal, nullable(Filling.of(template.signOn(), answers)));
        }
        String role = role(application, order.role());
        order.principals().forEach(who -> Assignments.assign(change, principal.id(), Assignments.Wanted.of(who, role)));
        Optional<Second> second = template.publishing()
                .second()
                .filter(one ->
                        application.publishing().isPresent() && one.when().holds(answers))
                .map(one -> second(change, template.publishing(), one, application, principal, answers, warnings));
        SignOns.Seen seen = signOns.seen(change.stores(), principal);
        return new Added(
                template,
                application,
                principal,
                second,
                seen,
                steps(template, facts(change.stores(), seen, second, answers)),
                warnings);
    }

    private static Map<String, @Nullable Object> nullable(Map<String, Object> map) {
        return new LinkedHashMap<>(map);
    }

    private static PublishingDraft draft(
            TemplatePublishing publishing, String internalUrl, Map<String, String> answers) {
        Map<String, String> known = new LinkedHashMap<>(answers);
        known.put("internal-host", host(internalUrl));
        return draft(
                publishing, internalUrl, answers.getOrDefault("external-url", ""), s -> publishing.first(s, known));
    }

    private static PublishingDraft draft(
            TemplatePublishing publishing,
            String internalUrl,
            String externalUrl,
            UnaryOperator<PublishingSettings> settings) {
        return new PublishingDraft(
                externalUrl.isEmpty() ? Edit.none() : Edit.to(externalUrl),
                Edit.to(internalUrl),
                publishing.preAuthentication().map(Edit::to).orElse(Edit.none()),
                Edit.none(),
                Edit.none(),
                Optional.empty(),
                settings);
    }

    private static String host(String url) {
        try {
            return Optional.ofNullable(URI.create(url).getHost()).orElse("");
        } catch (IllegalArgumentException e) {
            return ""; // refused with the internal URL
        }
    }

    /// The other port: same host, no sign-on, no tile, the first one's users.
    private Second second(
            Change change,
            TemplatePublishing publishing,
            TemplatePublishing.Second wanted,
            Application first,
            ServicePrincipal leader,
            Map<String, String> answers,
            List<String> warnings) {
        InternalUrl inside = first.publishing().orElseThrow().internalUrl();
        boolean secure = inside.scheme().equals("https");
        String at = (secure ? "https://" : "http://")
                + new HostPort(inside.host(), secure ? wanted.securePort() : wanted.plainPort()) + "/";
        Applications.Created made = applications.create(
                change,
                new Applications.Draft(
                        first.displayName() + wanted.suffix(),
                        Optional.of(draft(
                                publishing, at, answers.getOrDefault(wanted.externalUrl(), ""), publishing::both)),
                        first.group(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        false));
        warnings.addAll(made.warnings());
        ServicePrincipal follower =
                made.principal().orElseGet(() -> Applications.addPrincipal(change, made.application()));
        var tags = new ArrayList<>(follower.tags());
        tags.add("HideApp");
        ServicePrincipals.patch(
                change, follower.id(), new ServicePrincipals.Patch(Edit.none(), Edit.none(), Edit.to(tags)));
        return new Second(made.application(), Steps.set(change, follower.id(), Optional.of(leader.id())));
    }

    private static Map<String, String> answers(Template template, Order order, List<String> warnings) {
        var faults = new ArrayList<Violation>();
        Map<String, String> answers = new LinkedHashMap<>();
        Set<String> known = new java.util.TreeSet<>();
        for (Template.Parameter parameter : template.parameters()) {
            known.add(parameter.name());
            String value = order.parameters()
                    .getOrDefault(parameter.name(), parameter.defaultValue().orElse(""));
            String field = "parameters." + parameter.name();
            if (!value.isEmpty()
                    && !parameter.choices().isEmpty()
                    && !parameter.choices().contains(value)) {
                faults.add(new Violation(
                        field, field + " '" + value + "' must be one of " + String.join(", ", parameter.choices())));
            }
            if (value.isEmpty() && parameter.required()) {
                faults.add(new Violation(field, field + " is missing: " + parameter.description()));
            }
            if (value.length() > VALUE_MAX || value.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
                faults.add(new Violation(
                        field,
                        field + " '" + value + "' must have at most " + VALUE_MAX + " characters without spaces"));
            }
            parameter
                    .usual()
                    .filter(usual -> !value.isEmpty() && !value.matches(usual))
                    .ifPresent(
                            usual -> warnings.add(field + " '" + value + "' is unusual; " + parameter.description()));
            answers.put(parameter.name(), value);
        }
        for (String name : order.parameters().keySet()) {
            if (!known.contains(name)) {
                faults.add(new Violation(
                        "parameters." + name,
                        "template '" + template.key() + "' has no parameter '" + name + "'; it has "
                                + (known.isEmpty() ? "none" : String.join(", ", known))));
            }
        }
        if (!faults.isEmpty()) {
            throw Rejected.invalid(faults);
        }
        return answers;
    }

    private static Application withRoles(Change change, Application made, Template template) {
        if (template.roles().isEmpty()) {
            return made;
        }
        var changed = new Application(
                made.tenant(),
                made.id(),
                made.appId(),
                made.displayName(),
                made.identifierUris(),
                made.redirectUris(),
                made.homePageUrl(),
                made.publishing(),
                made.group(),
                made.publicClient(),
                made.system(),
                made.created(),
                template.roles().stream()
                        .map(role -> new AppRole(
                                UUID.randomUUID().toString(),
                                role.name(),
                                Optional.of(role.value()),
                                role.description(),
                                Set.of(AppRole.Member.USER),
                                true))
                        .toList());
        change.applications().update(changed);
        return changed;
    }

    private static String role(Application application, Optional<String> wanted) {
        return wanted.map(value -> application.appRoles().stream()
                        .filter(role -> role.value().equals(Optional.of(value)))
                        .findFirst()
                        .map(AppRole::id)
                        .orElseThrow(() -> Rejected.invalid(
                                "role",
                                "the application has no role '" + value + "'; it has "
                                        + String.join(
                                                ", ",
                                                application.appRoles().stream()
                                                        .flatMap(role -> role.value().stream())
                                                        .toList()))))
                .orElse(Assignment.DEFAULT_ACCESS);
    }

    private static List<String> steps(Template template, Map<String, String> facts) {
        var steps = new ArrayList<String>();
        for (String step : template.steps()) {
            Matcher only = TemplateFile.STEP.matcher(step);
            if (!only.matches()) {
                steps.add(Filling.of(step, facts));
            } else if (TemplatePublishingFile.when(only.group(1))
                    .map(when -> when.holds(facts))
                    .orElse(false)) {
                steps.add(Filling.of(only.group(2), facts));
            }
        }
        return steps;
    }

    private Map<String, String> facts(
            Stores stores, SignOns.Seen seen, Optional<Second> second, Map<String, String> answers) {
        Map<String, String> facts = new LinkedHashMap<>(answers);
        SignOnAddresses addresses = seen.addresses();
        facts.put("idp-entity-id", addresses.issuer(seen.principal().appId(), false));
        facts.put("idp-login-url", addresses.saml());
        facts.put("idp-logout-url", addresses.saml());
        facts.put("idp-metadata-url", addresses.metadata(seen.principal().appId()));
        facts.put(
                "idp-metadata-url-plain",
                addresses.plainMetadata(seen.principal().appId()));
        facts.put("oidc-issuer", addresses.issuer(seen.principal().appId(), false) + "v2.0");
        facts.put("client-id", seen.principal().appId().value());
        facts.put(
                "external-url",
                seen.application()
                        .publishing()
                        .map(p -> site.show(p.externalUrl()))
                        .orElse(""));
        facts.put("external-host", host(facts.getOrDefault("external-url", "")));
        facts.put("internal-host", host(answers.getOrDefault("internal-url", "")));
        facts.put(
                "login-external-url",
                second.flatMap(s -> s.application().publishing())
                        .map(p -> site.show(p.externalUrl()))
                        .orElse(""));
        facts.put("user-access-url", Portals.userAccessUrl(stores, site, seen.principal()));
        return facts;
    }

    private static List<String> filled(List<String> texts, Map<String, String> answers) {
        return texts.stream().map(text -> Filling.of(text, answers)).toList();
    }
}
