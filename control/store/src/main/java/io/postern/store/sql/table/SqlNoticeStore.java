package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.TenantId;
import io.postern.store.Notice;
import io.postern.store.NoticeStore;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

record SqlNoticeStore(Handle handle) implements NoticeStore {
    @Override
    public boolean put(Notice notice) {
        return handle.createUpdate("""
                        INSERT INTO notices (tenant, id, about, recipient, subject, body, state, created, due, attempts)
                        VALUES (:tenant, :id, :about, :recipient, :subject, :body, 'WAITING', :created, :due, 0)
                        ON CONFLICT DO NOTHING""")
                        .bind("tenant", notice.tenant().value())
                        .bind("id", notice.id())
                        .bind("about", notice.about())
                        .bind("recipient", notice.recipient())
                        .bind("subject", notice.subject())
                        .bind("body", notice.body())
                        .bind("created", micros(notice.created()))
                        .bind("due", micros(notice.due()))
                        .execute()
                == 1;
    }

    @Override
    public List<Notice> due(Instant now, int limit) {
        return handle.createQuery("""
                        SELECT * FROM notices WHERE state = 'WAITING' AND due <= :now
                        ORDER BY due, created, id LIMIT :limit""")
                .bind("now", micros(now))
                .bind("limit", limit)
                .map((row, context) -> new Notice(
                        new TenantId(row.getString("tenant")),
                        row.getString("id"),
                        row.getString("about"),
                        row.getString("recipient"),
                        row.getString("subject"),
                        row.getString("body"),
                        instant(row, "created"),
                        instant(row, "due"),
                        row.getInt("attempts")))
                .list();
    }

    @Override
    public boolean take(Notice notice, Instant again) {
        return handle.createUpdate("""
                        UPDATE notices SET due = :again, attempts = attempts + 1
                        WHERE tenant = :tenant AND id = :id AND state = 'WAITING' AND attempts = :attempts""")
                        .bind("tenant", notice.tenant().value())
                        .bind("id", notice.id())
                        .bind("attempts", notice.attempts())
                        .bind("again", micros(again))
                        .execute()
                == 1;
    }

    @Override
    public void sent(Notice notice) {
        close(notice, "SENT", "");
    }

    @Override
    public void failed(Notice notice, String fault) {
        close(notice, "FAILED", fault);
    }

    private void close(Notice notice, String state, String fault) {
        handle.createUpdate("""
                        UPDATE notices SET state = :state, fault = :fault, subject = '', body = ''
                        WHERE tenant = :tenant AND id = :id""")
                .bind("tenant", notice.tenant().value())
                .bind("id", notice.id())
                .bind("state", state)
                .bind("fault", fault)
                .execute();
    }

    @Override
    public long waiting() {
        return handle.createQuery("SELECT COUNT(*) FROM notices WHERE state = 'WAITING'")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public int purge(Instant created) {
        return handle.createUpdate("DELETE FROM notices WHERE created < :created")
                .bind("created", micros(created))
                .execute();
    }
}
