package io.postern.sense;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/// The host allow list: whose pages may open WebSockets. A host stands for itself and those below it.
///
/// @param hosts without scheme, with a port where one is needed; empty: everybody's
record AllowList(List<String> hosts) {
    /// @param origin of the page; empty: no browser, so nothing to compare
    /// @param own Host that the upgrade came with, which is always allowed
    boolean allows(String origin, String own) {
        if (hosts.isEmpty() || origin.isEmpty()) {
            return true;
        }
        String authority = authority(origin);
        return !authority.isEmpty()
                && (authority.equalsIgnoreCase(own)
                        || hosts.stream().map(h -> h.toLowerCase(Locale.ROOT)).anyMatch(h -> covers(h, authority)));
    }

    private static boolean covers(String allowed, String authority) {
        String compared = allowed.contains(":") ? authority : authority.replaceAll(":[0-9]+$", "");
        return compared.equals(allowed) || compared.endsWith("." + allowed);
    }

    private static String authority(String origin) {
        try {
            String authority = URI.create(origin).getAuthority();
            return authority == null ? "" : authority.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return ""; // "null" and nonsense
        }
    }
}
