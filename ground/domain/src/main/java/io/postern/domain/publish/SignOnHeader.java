package io.postern.domain.publish;

import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.claims.GroupClaim;
import io.postern.domain.claims.Person;
import io.postern.domain.claims.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A request field that tells the backend something of the user (3.3).
///
/// @param path internal path that it is for, and all below; of several for one name the longest counts (HDR-SSO-3)
/// @param multivalued every value goes out, with `separator` between them, not the first one only
/// @param required whoever has no value is refused; without, he comes without the field
public record SignOnHeader(
        String name,
        String path,
        From from,
        HeaderEncoding encoding,
        boolean multivalued,
        char separator,
        boolean required) {
    /// Longest value; what servers take as one line.
    public static final int VALUE_MAX = 8000;

    public static final char DEFAULT_SEPARATOR = ',';

    /// In no encoded value.
    private static final String SEPARATORS = ",;|:~^!#&*<> ";

    /// Carry the request, belong to one hop, or are said by the gateway or by other settings.
    private static final Set<String> TAKEN = Set.of(
            "accept",
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "authorization",
            "cache-control",
            "connection",
            "cookie",
            "cookie2",
            "date",
            "depth",
            "destination",
            "expect",
            "forwarded",
            "from",
            "host",
            "http2-settings",
            "if",
            "keep-alive",
            "lock-token",
            "max-forwards",
            "origin",
            "overwrite",
            "pragma",
            "priority",
            "proxy",
            "range",
            "referer",
            "soapaction",
            "te",
            "timeout",
            "trailer",
            "traceparent",
            "tracestate",
            "transfer-encoding",
            "upgrade",
            "user-agent",
            "via",
            "warning",
            "x-csrf-token",
            "x-http-method",
            "x-http-method-override",
            "x-method-override",
            "x-original-host",
            "x-original-uri",
            "x-original-url",
            "x-real-ip",
            "x-requested-with",
            "x-rewrite-url");

    private static final List<String> TAKEN_BEGINNINGS =
            List.of("postern-", "proxy-", "sec-", "content-", "if-", "access-control-", "x-forwarded", "x-postern-");

    /// Where the values come from.
    public sealed interface From {
        /// Attributes, constants, transformations, for whom; as in a claim.
        record Claim(Rows rows) implements From {}

        /// Names of the user's groups; always all of them.
        record Groups(GroupClaim groups) implements From {
            public Groups {
                if (groups.which() == GroupClaim.Which.NONE || groups.which() == GroupClaim.Which.DIRECTORY_ROLES) {
                    throw new ClaimsFault("groupClaim.groups", "a header of groups needs all, security or assigned");
                }
                if (groups.name().isPresent() || groups.namespace().isPresent() || groups.asRoles()) {
                    throw new ClaimsFault(
                            "groupClaim",
                            "the header has a name of its own; leave name, namespace and emitAsRoles out");
                }
            }
        }
    }

    /// What the backend is told.
    public sealed interface Said {
        record Value(String text) implements Said {}

        record Nothing() implements Said {}

        /// @param why names the header, what is wrong, and the remedy
        record Unfit(String why) implements Said {}
    }

    public SignOnHeader {
        checkName(name);
        checkPath(path);
        if (SEPARATORS.indexOf(separator) < 0) {
            throw new ClaimsFault(
                    "separator", "'" + separator + "' cannot part the values of a header; use one of " + SEPARATORS);
        }
    }

    private static void checkName(String name) {
        if (!name.matches("[A-Za-z][A-Za-z0-9_-]{0,99}")) {
            throw new ClaimsFault(
                    "name",
                    "'" + name + "' cannot be the name of a header; use letters, digits, hyphens and underscores, such"
                            + " as X-Remote-User");
        }
        if (isTaken(name)) {
            throw new ClaimsFault(
                    "name",
                    "'" + name + "' is a header that requests have anyway, or that the gateway sets itself; choose"
                            + " another, such as X-Remote-User");
        }
    }

    /// Carries the request, belongs to one hop, or is said by somebody else.
    static boolean isTaken(String name) {
        String one = canonical(name);
        return TAKEN.contains(one) || TAKEN_BEGINNINGS.stream().anyMatch(one::startsWith);
    }

    private static void checkPath(String path) {
        boolean good = path.length() <= 512
                && path.startsWith("/")
                && path.matches("[A-Za-z0-9/._~!$&'()*+,=:@-]+")
                && !path.contains("//")
                && !(path + "/").contains("/./")
                && !(path + "/").contains("/../");
        if (!good) {
            throw new ClaimsFault(
                    "path",
                    "'" + path
                            + "' is no path of a backend; write one that begins with a slash, in plain ASCII, without"
                            + " query, dot segments and percent signs, such as /reports/");
        }
    }

    /// One for all spellings that some backend takes for the same name.
    static String canonical(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// In which groups somebody is matters.
    boolean asksForGroups() {
        return switch (from) {
            case From.Claim(Rows rows) -> rows.asksForGroups();
            case From.Groups _ -> true;
        };
    }

    /// @param pairwise identifier of the user at the application alone
    public Said said(Person person, String pairwise) {
        boolean all = multivalued || from instanceof From.Groups;
        List<String> values = switch (from) {
            case From.Claim(Rows rows) -> rows.values(person, pairwise, all);
            case From.Groups(GroupClaim groups) -> groups.names(person);
        };
        if (values.isEmpty()) {
            return new Said.Nothing();
        }
        var parts = new ArrayList<String>();
        for (String value : values) {
            Optional<String> part = all ? encoding.part(value, separator) : encoding.whole(value);
            if (part.isEmpty()) {
                return new Said.Unfit(
                        "header '" + name + "' takes visible ASCII" + (all ? " without its separator" : "")
                                + " as it is, and the user's value has other characters; set its encoding to percent or"
                                + " base64");
            }
            parts.add(part.get());
        }
        String text = String.join(String.valueOf(separator), parts);
        return text.length() <= VALUE_MAX
                ? new Said.Value(text)
                : new Said.Unfit("header '" + name + "' would have " + text.length() + " characters of " + values.size()
                        + " values, and " + VALUE_MAX + " are possible; filter its groups, or name them by something"
                        + " shorter");
    }
}
