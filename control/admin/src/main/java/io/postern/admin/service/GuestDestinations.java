package io.postern.admin.service;

import io.postern.domain.TenantId;
import io.postern.store.Stores;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Where an invitation may lead: My Apps of the tenant, and what it publishes.
record GuestDestinations(Site site, List<String> beginnings) {
    /// Segments that lead up, in whichever spelling.
    private static final Pattern STEPS = Pattern.compile("(?i)(?:^|/|%2f)(?:\\.|%2e){1,2}(?:/|%2f|$)");

    static GuestDestinations of(Stores stores, Site site, TenantId tenant, String portal) {
        var all = new ArrayList<String>();
        all.add(site.withoutPort(portal));
        stores.applications().list(tenant).stream()
                .flatMap(application -> application.publishing().stream())
                .map(publishing -> publishing.externalUrl())
                .filter(url -> !url.host().isWildcard())
                .forEach(url -> all.add(url.toString()));
        return new GuestDestinations(site, List.copyOf(all));
    }

    /// @throws Rejected when it leads anywhere else
    String checked(String url) {
        try {
            URI uri = new URI(url.strip());
            boolean plain = "https".equals(uri.getScheme())
                    && uri.getRawUserInfo() == null
                    && uri.getRawPath() != null
                    && STEPS.matcher(uri.getRawPath()).results().findAny().isEmpty()
                    && url.length() <= 2_048;
            String kept = site.withoutPort(uri.toString());
            String whole = uri.getRawPath() != null && uri.getRawPath().isEmpty() ? kept + "/" : kept;
            if (plain && beginnings.stream().anyMatch(whole::startsWith)) {
                return uri.toString();
            }
        } catch (URISyntaxException e) {
            throw refused(url);
        }
        throw refused(url);
    }

    private static Rejected refused(String url) {
        return Rejected.invalid(
                "inviteRedirectUrl",
                "inviteRedirectUrl '" + url + "' must lie under My Apps or a published application of this tenant");
    }
}
