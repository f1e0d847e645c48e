package io.postern.domain.policy;

import io.postern.domain.publish.CorsRule;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the rules of a place permit pages of other origins (1.7). Pure.
public final class CorsPolicy {
    private static final String ANY = "*";

    private CorsPolicy() {}

    /// Those of the deepest resource that holds the path: others have no say there.
    ///
    /// @param path within the place, beginning with `/`, without the query
    public static List<CorsRule> governing(List<CorsRule> rules, String path) {
        int deepest = rules.stream()
                .filter(rule -> holds(rule.resource(), path))
                .mapToInt(rule -> folder(rule.resource()).length())
                .max()
                .orElse(-1);
        return rules.stream()
                .filter(rule ->
                        holds(rule.resource(), path) && folder(rule.resource()).length() == deepest)
                .toList();
    }

    private static boolean holds(String resource, String path) {
        return (path + "/").startsWith(folder(resource));
    }

    private static String folder(String resource) {
        return resource.endsWith("/") ? resource : resource + "/";
    }

    /// The rule by which a page of this origin may read answers.
    ///
    /// @param governing of [#governing]
    public static Optional<CorsRule> permitting(List<CorsRule> governing, String origin) {
        return governing.stream().filter(rule -> takes(rule, origin)).findFirst();
    }

    /// The rule by which a page may send what its preflight announces.
    ///
    /// @param headers names of fields, in any case
    public static Optional<CorsRule> permitting(
            List<CorsRule> governing, String origin, String method, List<String> headers) {
        return governing.stream()
                .filter(rule -> takes(rule, origin))
                .filter(rule ->
                        takesAny(rule.allowedMethods()) || rule.allowedMethods().contains(method))
                .filter(rule -> headers.stream().allMatch(name -> takesHeader(rule, name.toLowerCase(Locale.ROOT))))
                .findFirst();
    }

    /// Exactly this origin is named. Only then may answers be read that were asked for with cookies: a rule for
    /// everybody must not hand out what belongs to a session.
    public static boolean names(CorsRule rule, String origin) {
        return rule.allowedOrigins().contains(origin);
    }

    private static boolean takes(CorsRule rule, String origin) {
        return takesAny(rule.allowedOrigins()) || names(rule, origin);
    }

    private static boolean takesAny(List<String> allowed) {
        return allowed.contains(ANY);
    }

    private static boolean takesHeader(CorsRule rule, String name) {
        return rule.allowedHeaders().stream()
                .anyMatch(allowed -> allowed.endsWith(ANY)
                        ? name.startsWith(allowed.substring(0, allowed.length() - 1))
                        : name.equals(allowed));
    }
}
