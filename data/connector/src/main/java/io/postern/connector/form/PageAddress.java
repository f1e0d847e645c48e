package io.postern.connector.form;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/// One page of an application. Many have one path for all of their pages, and say in the query which it is.
///
/// @param parameters of the query, decoded, each with its value
record PageAddress(String path, Set<String> parameters) {
    PageAddress {
        parameters = Set.copyOf(parameters);
    }

    /// @param link a path, perhaps with a query and a fragment
    static PageAddress of(String link) {
        String whole = link.replaceFirst("#.*$", "");
        int query = whole.indexOf('?');
        return query < 0
                ? new PageAddress(whole, Set.of())
                : new PageAddress(
                        whole.substring(0, query),
                        Arrays.stream(whole.substring(query + 1).split("&"))
                                .filter(pair -> !pair.isEmpty())
                                .map(PageAddress::decoded)
                                .collect(Collectors.toUnmodifiableSet()));
    }

    /// As reports and logs name it: the path, and of the query the names alone, since their values may let
    /// somebody in.
    static String named(String link) {
        String path = link.replaceFirst("[;?#].*$", "");
        int query = link.indexOf('?');
        return query < 0
                ? path
                : path + "?"
                        + Arrays.stream(link.substring(query + 1)
                                        .replaceFirst("#.*$", "")
                                        .split("&"))
                                .map(pair -> pair.replaceFirst("=.*$", ""))
                                .collect(Collectors.joining("&"));
    }

    /// Scheme, host and port of a link that leads away.
    static String host(String link) {
        return link.replaceFirst("^([A-Za-z][A-Za-z0-9+.-]*:)?//(?:[^/?#]*@)?([^/?#]*).*$", "$1//$2")
                .replaceFirst("[/?#]*[?#].*$", "");
    }

    private static String decoded(String pair) {
        try {
            return URLDecoder.decode(pair, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return pair; // no percent-encoding at all
        }
    }

    /// Whether a link leads to this page, whatever else it says in its query.
    boolean isAt(String link) {
        PageAddress other = of(link);
        return other.path.equals(path) && other.parameters.containsAll(parameters);
    }
}
