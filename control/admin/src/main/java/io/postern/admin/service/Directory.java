package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.TenantId;
import io.postern.domain.publish.TenantSettings;
import io.postern.store.AlertStore.Recipients;
import io.postern.store.Tenant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The tenant itself, and what happened in it.
public final class Directory {
    private static final int ADDRESSES_MAX = 10;
    private static final int ADDRESS_MAX = 254;
    private static final Pattern ADDRESS = Pattern.compile("[^@\\s<>,;:\"\\p{Cntrl}]+@[A-Za-z0-9.-]+");

    private final Ledger ledger;

    public Directory(Ledger ledger) {
        this.ledger = ledger;
    }

    public Outcome<Tenant> tenant(TenantId id) {
        return ledger.look(stores -> stores.tenants().find(id).orElseThrow(() -> Rejected.notFound("tenant", id)));
    }

    public TenantSettings settings(TenantId id) {
        return ledger.read(stores -> stores.tenants().settings(id));
    }

    /// Who is told in place of those who hold the roles.
    public Recipients recipients(TenantId id) {
        return ledger.read(stores -> stores.alerts().recipients(id));
    }

    /// @param edit may throw [IllegalArgumentException] with a sentence about what is wrong
    /// @param told changes who is told
    public Outcome<Tenant> change(
            Actor actor, TenantId id, UnaryOperator<TenantSettings> edit, UnaryOperator<Recipients> told) {
        return ledger.change(actor, change -> {
            Tenant tenant = change.stores()
                    .tenants()
                    .find(change.tenant())
                    .filter(t -> t.id().equals(id))
                    .orElseThrow(() -> Rejected.notFound("tenant", id));
            TenantSettings before = change.stores().tenants().settings(id);
            TenantSettings after;
            try {
                after = edit.apply(before);
            } catch (IllegalArgumentException e) {
                throw Rejected.invalid("organization", String.valueOf(e.getMessage()));
            }
            Recipients toldBefore = change.stores().alerts().recipients(id);
            Recipients toldAfter = told.apply(toldBefore);
            checkAddresses("technicalNotificationMails", toldAfter.technical());
            checkAddresses("securityComplianceNotificationMails", toldAfter.security());
            if (after.equals(before) && toldAfter.equals(toldBefore)) {
                return tenant;
            }
            change.stores().tenants().set(id, after);
            change.stores().alerts().recipients(id, toldAfter);
            change.note(
                    Activity.UPDATE_TENANT,
                    id,
                    tenant.name(),
                    Stream.concat(
                                    Differences.between(before, after).stream(),
                                    Differences.between("notificationMails.", toldBefore, toldAfter).stream())
                            .toList(),
                    Map.of(
                            "requestsPerSecondMax",
                            after.requestsPerSecondMax().map(Object::toString).orElse("none"),
                            "applicationRequestsPerSecondMax",
                            after.applicationRequestsPerSecondMax()
                                    .map(Object::toString)
                                    .orElse("none"),
                            "brandName",
                            after.branding().name().orElse("none")));
            return tenant;
        });
    }

    private static void checkAddresses(String property, List<String> addresses) {
        if (addresses.size() > ADDRESSES_MAX) {
            throw Rejected.invalid(property, property + " may hold " + ADDRESSES_MAX + " addresses at most");
        }
        for (String address : addresses) {
            if (address.length() > ADDRESS_MAX || !ADDRESS.matcher(address).matches()) {
                throw Rejected.invalid(
                        property,
                        property + " holds '" + address + "', which is no mail address such as ops@contoso.example");
            }
        }
    }
}
