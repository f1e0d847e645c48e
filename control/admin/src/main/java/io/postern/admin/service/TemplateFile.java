package io.postern.admin.service;

import io.postern.base.config.ConfigFault;
import io.postern.base.config.ConfigReader;
import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.domain.signon.SignOnDocument;
import io.postern.domain.signon.SignOnMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Reads one template (docs/guide/gallery.md). Whatever is wrong is told at once, with file, line and remedy.
final class TemplateFile {
    /// A text in braces, to be replaced by what somebody answers or by a fact of the identity provider.
    static final Pattern PLACE = Pattern.compile("\\{([a-z][a-z0-9-]*)}");

    /// Facts of the identity provider and of the application once it is made; for steps only.
    static final Set<String> FACTS = Set.of(
            "idp-entity-id",
            "idp-login-url",
            "idp-logout-url",
            "idp-metadata-url",
            "idp-metadata-url-plain",
            "oidc-issuer",
            "client-id",
            "external-url",
            "external-host",
            "login-external-url",
            "internal-host",
            "user-access-url");

    /// At which answer a step is to be done.
    static final Pattern STEP = Pattern.compile("\\[([a-z][a-z0-9-]*=[^\\]]*)] *(.*)", Pattern.DOTALL);

    private static final Pattern KEY = Pattern.compile("'([A-Za-z0-9.\\[\\]-]+)'");

    private final String file;
    private final String text;
    private final ConfigReader in;

    private TemplateFile(String file, String text) {
        this.file = file;
        this.text = text;
        this.in = ConfigReader.of(file, text);
    }

    /// @param key file name without its ending
    /// @throws ConfigFault with every fault, each with its line
    static Template read(String file, String key, String text) {
        var reader = new TemplateFile(file, text);
        try {
            return reader.template(key);
        } catch (ConfigFault e) {
            throw new ConfigFault(
                    file, e.faults().stream().map(reader::withLine).toList());
        }
    }

    private Template template(String key) {
        String id = in.parsed(
                "id",
                UUID.nameUUIDFromBytes(("template:" + key).getBytes(StandardCharsets.UTF_8))
                        .toString(),
                "a UUID",
                value -> UUID.fromString(value).toString());
        String name = required("name");
        boolean proxied = in.flag("proxied", false);
        SignOnMode mode = in.parsed(
                "sign-on",
                SignOnMode.NOT_SUPPORTED,
                "saml, oidc, linked or none",
                value -> value.equals("none")
                        ? SignOnMode.NOT_SUPPORTED
                        : SignOnMode.of(value).orElse(null));
        List<Template.Parameter> parameters = parameters(proxied);
        Set<String> known = new HashSet<>();
        parameters.forEach(p -> known.add(p.name()));
        Map<String, Object> signOn = signOn(mode, known);
        List<String> redirects = texts("redirect-uris", known);
        Optional<String> home = one("home-page", known);
        TemplatePublishing publishing =
                new TemplatePublishingFile(known).read(in.section("publishing"), in.flag("long-timeout", false));
        List<String> steps = steps(known);
        var template = new Template(
                id,
                key,
                name,
                in.text("publisher", ""),
                in.text("description", ""),
                in.list("categories"),
                mode,
                proxied,
                publishing,
                parameters,
                signOn,
                redirects,
                home,
                roles(),
                steps,
                in.text("notes"),
                file);
        in.finish();
        tryOut(template);
        return template;
    }

    private List<Template.Parameter> parameters(boolean proxied) {
        var parameters = new ArrayList<Template.Parameter>();
        for (ConfigReader one : in.sections("parameters")) {
            String name = one.text("name", "");
            if (!name.matches("[a-z][a-z0-9-]*")) {
                one.fault("name", "is '" + name + "' but must be letters, digits and hyphens, a small letter first");
            }
            parameters.add(new Template.Parameter(
                    name,
                    one.text("description", name),
                    one.flag("required", false),
                    one.text("default"),
                    one.parsed("usual", Optional.empty(), "a regular expression", TemplateFile::pattern),
                    one.list("choices")));
        }
        if (proxied && parameters.stream().noneMatch(p -> p.name().equals("internal-url"))) {
            parameters.add(new Template.Parameter(
                    "internal-url",
                    "where the application lies inside, for example https://app.inside.example/",
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    List.of()));
        }
        return parameters;
    }

    private static Optional<String> pattern(String text) {
        try {
            return Optional.of(Pattern.compile(text).pattern());
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getDescription(), e);
        }
    }

    /// The document of the sign-on, with the names of the API.
    private Map<String, Object> signOn(SignOnMode mode, Set<String> known) {
        var map = new LinkedHashMap<String, Object>();
        map.put("preferredSingleSignOnMode", mode.text());
        put(map, "identifierUris", texts("identifiers", known));
        put(
                map,
                "replyUrls",
                texts("reply-urls", known).stream()
                        .map(url -> Map.of("url", (Object) url))
                        .toList());
        one("sign-on-url", known).ifPresent(url -> map.put("loginUrl", url));
        one("logout-url", known).ifPresent(url -> map.put("logoutUrl", url));
        one("relay-state", known).ifPresent(state -> map.put("relayState", state));
        var signing = new LinkedHashMap<String, Object>();
        in.text("signing").ifPresent(option -> signing.put("option", option));
        if (in.has("role-descriptors")) {
            signing.put("roleDescriptors", in.flag("role-descriptors", true));
        }
        if (!signing.isEmpty()) {
            map.put("signing", signing);
        }
        Map<String, Object> claims = claims();
        if (!claims.isEmpty()) {
            map.put("claimsPolicy", claims);
        }
        return map;
    }

    private Map<String, Object> claims() {
        var policy = new LinkedHashMap<String, Object>();
        ConfigReader nameId = in.section("name-id");
        var rule = new LinkedHashMap<String, Object>();
        nameId.text("format").ifPresent(format -> rule.put("format", format));
        nameId.text("attribute")
                .ifPresent(attribute -> rule.put("configurations", List.of(Map.of("attribute", attribute))));
        if (!rule.isEmpty()) {
            policy.put("nameId", rule);
        }
        var claims = new ArrayList<Map<String, Object>>();
        for (ConfigReader one : in.sections("claims")) {
            var claim = new LinkedHashMap<String, Object>();
            one.text("name").ifPresent(name -> claim.put("name", name));
            one.text("namespace").ifPresent(namespace -> claim.put("namespace", namespace));
            one.text("name-format").ifPresent(format -> claim.put("samlAttributeNameFormat", format));
            claim.put("multivalued", one.flag("multivalued", false));
            claim.put("tokenFormat", one.list("tokens").isEmpty() ? List.of("saml") : one.list("tokens"));
            one.text("attribute")
                    .ifPresent(attribute -> claim.put("configurations", List.of(Map.of("attribute", attribute))));
            one.text("value").ifPresent(value -> claim.put("configurations", List.of(Map.of("value", value))));
            claims.add(claim);
        }
        if (!claims.isEmpty()) {
            policy.put("claims", claims);
        }
        ConfigReader groups = in.section("group-claim");
        var group = new LinkedHashMap<String, Object>();
        groups.text("groups").ifPresent(which -> group.put("groups", which));
        groups.text("source").ifPresent(by -> group.put("sourceAttribute", by));
        groups.text("name").ifPresent(name -> group.put("name", name));
        groups.text("namespace").ifPresent(namespace -> group.put("namespace", namespace));
        if (groups.flag("as-roles", false)) {
            group.put("emitAsRoles", true);
        }
        if (!group.isEmpty()) {
            policy.put("groupClaim", group);
        }
        return policy;
    }

    private List<Template.Role> roles() {
        var roles = new ArrayList<Template.Role>();
        for (ConfigReader one : in.sections("roles")) {
            roles.add(new Template.Role(one.text("value", ""), one.text("name", ""), one.text("description", "")));
        }
        return roles;
    }

    /// With made-up answers it must give a sign-on that can be.
    private void tryOut(Template template) {
        try {
            Map<String, String> answers = new LinkedHashMap<>();
            template.parameters()
                    .forEach(p -> answers.put(
                            p.name(),
                            p.defaultValue().orElse(p.name().endsWith("url") ? "https://x.example" : "x.example")));
            SignOnDocument.read(TenantId.random(), AppId.random(), Filling.of(template.signOn(), answers));
        } catch (IllegalArgumentException e) {
            throw new ConfigFault(file, List.of("cannot be used: " + e.getMessage()));
        }
    }

    private List<String> steps(Set<String> parameters) {
        Set<String> known = new HashSet<>(parameters);
        known.addAll(FACTS);
        List<String> steps = texts("steps", known);
        for (String step : steps) {
            Matcher only = STEP.matcher(step);
            if (only.matches()
                    && TemplatePublishingFile.when(only.group(1))
                            .filter(when -> parameters.contains(when.parameter()))
                            .isEmpty()) {
                in.fault(
                        "steps",
                        "has [" + only.group(1) + "], but there is no such parameter; name one of the template");
            }
        }
        return steps;
    }

    private String required(String key) {
        String value = in.text(key, "");
        if (value.isBlank()) {
            in.fault(key, "is missing");
        }
        return value;
    }

    private Optional<String> one(String key, Set<String> known) {
        Optional<String> value = in.text(key);
        value.ifPresent(text -> checkPlaces(key, text, known));
        return value;
    }

    private List<String> texts(String key, Set<String> known) {
        List<String> values = in.list(key);
        values.forEach(value -> checkPlaces(key, value, known));
        return values;
    }

    private void checkPlaces(String key, String value, Set<String> known) {
        Matcher places = PLACE.matcher(value);
        while (places.find()) {
            if (!known.contains(places.group(1))) {
                in.fault(
                        key,
                        "names {" + places.group(1) + "}, which is no parameter; add it under parameters, or use "
                                + String.join(", ", known));
            }
        }
    }

    private static void put(Map<String, Object> map, String name, List<?> values) {
        if (!values.isEmpty()) {
            map.put(name, values);
        }
    }

    /// Which line a fault speaks of, found by the keys on its path; a fault of the YAML itself says so already.
    private String withLine(String fault) {
        Matcher key = KEY.matcher(fault);
        if (fault.contains(", line ") || !key.find()) {
            return fault;
        }
        List<String> lines = text.lines().toList();
        int at = -1;
        for (String part : key.group(1).split("\\.", -1)) {
            String name = part.replaceAll("\\[\\d+]$", "");
            int found = line(lines, at + 1, Pattern.compile("\\s*(- )?" + Pattern.quote(name) + "\\s*:.*"));
            if (found < 0) {
                break;
            }
            at = found;
            Matcher index = Pattern.compile("\\[(\\d+)]$").matcher(part);
            for (int i = index.find() ? Integer.parseInt(index.group(1)) : -1; i >= 0; i--) {
                int item = line(lines, at + 1, Pattern.compile("\\s*- .*"));
                at = item < 0 ? at : item;
            }
            at -= index.reset().find() ? 1 : 0; // the first key of an element stands in the line of its dash
        }
        return at < 0 ? fault : "line " + (at + 1) + ": " + fault;
    }

    private static int line(List<String> lines, int from, Pattern pattern) {
        for (int i = from; i < lines.size(); i++) {
            if (pattern.matcher(lines.get(i)).matches()) {
                return i;
            }
        }
        return -1;
    }
}
