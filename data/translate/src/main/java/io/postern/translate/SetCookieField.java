package io.postern.translate;

import io.postern.translate.UrlMap.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Brings a backend's cookie outside (CK-2): path and domain become those of the external URL, and
/// nothing else changes. A cookie stays on the external host: never for its neighbours, never under
/// our names.
public final class SetCookieField {
    private SetCookieField() {}

    /// The value to send; the same object where nothing changes; empty where the cookie must not pass:
    /// it carries a name of ours, or a domain that is neither the backend's nor the application's, which
    /// a browser inside would refuse as well.
    ///
    /// @param translate whether the backend knows itself by its internal URL
    public static Optional<CharSequence> outward(CharSequence value, Mapping own, boolean translate) {
        String text = value.toString();
        String[] parts = text.split(";", -1);
        if (ReservedCookies.begins(parts[0])) {
            return Optional.empty();
        }
        boolean pathIsFixed = parts[0].stripLeading().toLowerCase(Locale.ROOT).startsWith("__host-");
        Optional<String> domain = Optional.empty();
        List<String> kept = new ArrayList<>(parts.length);
        kept.add(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            String attribute = attributeName(parts[i]);
            if (attribute.equals("domain")) {
                domain = Optional.of(attributeValue(parts[i])); // the last one counts (RFC 6265 §5.3)
            } else if (attribute.equals("path") && translate && !pathIsFixed) {
                kept.add(path(parts[i], own));
            } else {
                kept.add(parts[i]);
            }
        }
        // without Domain a cookie is for exactly the host that sets it
        if (domain.isPresent() && !isAbout(domain.get(), own, translate)) {
            return Optional.empty();
        }
        String result = String.join(";", kept);
        return Optional.of(result.equals(text) ? value : result);
    }

    private static boolean isAbout(String domain, Mapping own, boolean translate) {
        String name = domain.toLowerCase(Locale.ROOT);
        if (name.startsWith(".")) {
            name = name.substring(1);
        }
        return name.isEmpty() || matches(own.externalHost(), name) || (translate && matches(own.internalHost(), name));
    }

    // RFC 6265 §5.1.3
    private static boolean matches(String host, String domain) {
        return host.equals(domain) || host.endsWith("." + domain);
    }

    private static String path(String part, Mapping own) {
        String path = attributeValue(part);
        if (!Folders.holds(own.internalPath(), path)) {
            return part;
        }
        String moved = Folders.move(path, own.internalPath(), own.externalPath());
        return moved.equals(path) ? part : part.substring(0, part.indexOf('=') + 1) + moved;
    }

    private static String attributeName(String part) {
        int equals = part.indexOf('=');
        return (equals < 0 ? part : part.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
    }

    private static String attributeValue(String part) {
        int equals = part.indexOf('=');
        return equals < 0 ? "" : part.substring(equals + 1).strip();
    }
}
