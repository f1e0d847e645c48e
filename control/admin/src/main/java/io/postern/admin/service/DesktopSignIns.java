package io.postern.admin.service;

import io.postern.account.desktop.Keytab;
import io.postern.base.AddressBlock;
import io.postern.base.Outcome;
import io.postern.base.Outcome.Violation;
import io.postern.domain.TenantId;
import io.postern.store.DesktopSignIn;
import io.postern.store.Tenant;
import io.postern.token.Sealer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Whether computers of a domain sign users in, and by which keys (DSK-1).
public final class DesktopSignIns {
    private static final int NETWORKS_MAX = 256;
    private static final Pattern SUFFIX =
            Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+");

    private final Ledger ledger;
    private final Sealer sealer;
    private final String signInHost;

    /// @param sealer of the master key, for [DesktopSignIn#SEALED_FOR]
    /// @param signInHost for which browsers ask the domain for tickets
    public DesktopSignIns(Ledger ledger, Sealer sealer, String signInHost) {
        this.ledger = ledger;
        this.sealer = sealer;
        this.signInHost = signInHost;
    }

    /// What a caller sends; what he leaves out stays.
    ///
    /// @param keytab the file's bytes
    public record Draft(Edit<Boolean> enabled, Edit<String> suffix, Edit<List<String>> networks, Edit<byte[]> keytab) {}

    /// What is shown: never a key.
    ///
    /// @param keyVersions of the keytab, highest first
    public record Shown(DesktopSignIn settings, List<Integer> keyVersions) {}

    public Outcome<Shown> find(TenantId tenant) {
        return ledger.look(stores -> stores.desktopSignIns()
                .find(tenant)
                .map(this::shown)
                .orElseThrow(() -> Rejected.notFound("desktop sign-in of tenant", tenant)));
    }

    public Outcome<Shown> set(Actor actor, TenantId id, Draft draft) {
        return ledger.change(actor, change -> {
            Tenant tenant = own(change, id);
            Optional<DesktopSignIn> old = change.stores().desktopSignIns().find(id);
            DesktopSignIn set = checked(tenant, old, draft);
            if (old.filter(set::equals).isEmpty()) {
                change.stores().desktopSignIns().put(set);
                change.note(
                        Activity.UPDATE_DESKTOP_SIGN_IN,
                        id,
                        tenant.name(),
                        Map.of(
                                "isEnabled", Boolean.toString(set.enabled()),
                                "principal", set.principal(),
                                "userNameSuffix", set.suffix(),
                                "networks", String.join(" ", set.networks()),
                                "keytab", draft.keytab().given() ? "new" : "as before"));
            }
            return shown(set);
        });
    }

    public Outcome<Tenant> delete(Actor actor, TenantId id) {
        return ledger.change(actor, change -> {
            Tenant tenant = own(change, id);
            if (!change.stores().desktopSignIns().delete(id)) {
                throw Rejected.notFound("desktop sign-in of tenant", id);
            }
            change.note(Activity.REMOVE_DESKTOP_SIGN_IN, id, tenant.name());
            return tenant;
        });
    }

    private DesktopSignIn checked(Tenant tenant, Optional<DesktopSignIn> old, Draft draft) {
        var faults = new ArrayList<Violation>();
        Optional<Keytab> keytab = draft.keytab().value().flatMap(file -> keytab(file, faults));
        if (old.isEmpty() && !draft.keytab().given()) {
            faults.add(new Violation(
                    "keytab", "keytab is missing; it holds the keys of HTTP/" + signInHost + ", base64 of the file"));
        }
        List<String> networks =
                draft.networks().or(old.map(DesktopSignIn::networks).orElse(List.of()));
        check(networks, faults);
        String suffix = draft.suffix()
                .map(text -> text.toLowerCase(Locale.ROOT))
                .or(old.map(DesktopSignIn::suffix).orElse(tenant.domain()));
        if (!SUFFIX.matcher(suffix).matches()) {
            faults.add(new Violation(
                    "userNameSuffix",
                    "userNameSuffix '" + suffix + "' is no domain name; it is what follows @ in user names"));
        }
        if (!faults.isEmpty()) {
            throw Rejected.invalid(faults);
        }
        return new DesktopSignIn(
                tenant.id(),
                draft.enabled().or(old.map(DesktopSignIn::enabled).orElse(true)),
                keytab.map(Keytab::principal)
                        .or(() -> old.map(DesktopSignIn::principal))
                        .orElseThrow(),
                suffix,
                networks,
                draft.keytab()
                        .value()
                        .map(file -> sealer.seal(file, tenant.id().value()))
                        .or(() -> old.map(DesktopSignIn::sealedKeytab))
                        .orElseThrow());
    }

    private Optional<Keytab> keytab(byte[] file, List<Violation> faults) {
        try {
            Keytab keytab = Keytab.read(file);
            String host = keytab.principal().replaceFirst("HTTP/", "").replaceFirst("@.*", "");
            if (host.equalsIgnoreCase(signInHost)) {
                return Optional.of(keytab);
            }
            faults.add(new Violation(
                    "keytab",
                    "keytab has the keys of " + keytab.principal() + ", but browsers ask for HTTP/" + signInHost
                            + "; register that name for the account and export its keys"));
        } catch (IllegalArgumentException e) {
            faults.add(new Violation("keytab", "keytab cannot be used: " + e.getMessage()));
        }
        return Optional.empty();
    }

    /// Everybody's address is in none: a browser that is asked without need may put up a window.
    private static void check(List<String> networks, List<Violation> faults) {
        if (networks.isEmpty() || networks.size() > NETWORKS_MAX) {
            faults.add(new Violation(
                    "networks",
                    "networks has " + networks.size() + " entries; name 1 to " + NETWORKS_MAX
                            + " blocks from which the domain's computers come, such as 203.0.113.0/24"));
        }
        for (String network : networks) {
            Optional<AddressBlock> block = AddressBlock.parse(network);
            if (block.isEmpty()) {
                faults.add(new Violation(
                        "networks", "networks: '" + network + "' is no address or block such as 203.0.113.0/24"));
            } else if (Set.of("0.0.0.0/0", "::/0").contains(network)) {
                faults.add(new Violation(
                        "networks", "networks: '" + network + "' is everybody; name the blocks of your offices"));
            }
        }
    }

    private static Tenant own(Change change, TenantId id) {
        return change.stores()
                .tenants()
                .find(change.tenant())
                .filter(tenant -> tenant.id().equals(id))
                .orElseThrow(() -> Rejected.notFound("tenant", id));
    }

    private Shown shown(DesktopSignIn settings) {
        List<Integer> versions = sealer.open(
                        settings.sealedKeytab(), settings.tenant().value())
                .map(Keytab::read)
                .map(keytab -> keytab.keys().stream()
                        .map(Keytab.Key::version)
                        .distinct()
                        .sorted((a, b) -> b - a)
                        .toList())
                .orElse(List.of());
        return new Shown(settings, versions);
    }
}
