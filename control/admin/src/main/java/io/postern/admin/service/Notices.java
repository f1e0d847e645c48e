package io.postern.admin.service;

import io.postern.admin.notice.Envelope;
import io.postern.domain.TenantId;
import io.postern.domain.directory.Attributes;
import io.postern.store.Notice;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.web.Languages;
import io.postern.web.Texts;
import java.util.Optional;
import java.util.UUID;

/// Puts mail into the outbox, in the transaction of what it tells of: what did not happen is not told, and
/// what happened is, once. Where no mail server is configured nothing is sent, and My Apps shows the same.
final class Notices {
    private static final int SUBJECT_MAX = 200;

    private final Site site;

    Notices(Site site) {
        this.site = site;
    }

    /// To a user, in his language; one without a mail address is told in My Apps only.
    ///
    /// @param about what it tells, so that it is told once
    /// @param key of the texts `mail.<key>.subject` and `mail.<key>.text`
    /// @param path on the tenant's My Apps host, where to go on
    void tell(Change change, User user, String about, String key, String path, Object... arguments) {
        user.mail()
                .ifPresent(address -> put(
                        change,
                        address,
                        about,
                        texts(change.stores(), user.tenant(), user.attributes().first(Attributes.PREFERRED_LANGUAGE)),
                        key,
                        portal(change.stores(), user.tenant()) + path,
                        arguments));
    }

    /// To an address, in the tenant's language.
    void tell(Change change, String address, String about, String key, Object... arguments) {
        put(change, address, about, texts(change.stores(), change.tenant(), Optional.empty()), key, "", arguments);
    }

    /// To an address, with a link by which its reader gets in: closed until it is sent.
    ///
    /// @param language that was chosen for it; empty: the tenant's
    void tellClosed(
            Change change,
            Envelope envelope,
            String address,
            Optional<String> language,
            String about,
            String key,
            String link,
            Object... arguments) {
        change.stores()
                .notices()
                .put(envelope.close(notice(
                        change,
                        address,
                        about,
                        texts(change.stores(), change.tenant(), language),
                        key,
                        link,
                        arguments)));
    }

    private static void put(
            Change change, String address, String about, Texts texts, String key, String link, Object... arguments) {
        change.stores().notices().put(notice(change, address, about, texts, key, link, arguments));
    }

    private static Notice notice(
            Change change, String address, String about, Texts texts, String key, String link, Object... arguments) {
        String subject = oneLine(texts.of("mail." + key + ".subject", arguments));
        String tenant = tenant(change.stores(), change.tenant()).displayName();
        String body = texts.of("mail." + key + ".text", arguments)
                + (link.isEmpty() ? "" : "\n\n" + link)
                + "\n\n-- \n"
                + texts.of("mail.foot", tenant)
                + "\n";
        return new Notice(
                change.tenant(),
                UUID.randomUUID().toString(),
                about,
                address,
                subject,
                body,
                change.now(),
                change.now(),
                0);
    }

    /// Names that people choose may hold anything; a subject is one line.
    private static String oneLine(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= SUBJECT_MAX ? line : line.substring(0, SUBJECT_MAX - 1) + "…";
    }

    private static Texts texts(Stores stores, TenantId tenant, Optional<String> preferred) {
        return Languages.ofMail(preferred, stores.tenants().settings(tenant).language());
    }

    /// Origin of the tenant's My Apps.
    String portal(Stores stores, TenantId tenant) {
        return Portals.portal(stores, site, tenant);
    }

    private static Tenant tenant(Stores stores, TenantId id) {
        return stores.tenants().list().stream()
                .filter(tenant -> tenant.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
