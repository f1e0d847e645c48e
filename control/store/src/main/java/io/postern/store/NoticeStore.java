package io.postern.store;

import java.time.Instant;
import java.util.List;

/// The outbox: mail is put into it in the transaction of what it tells of, and sent afterwards.
public interface NoticeStore {
    /// @return false when the recipient was told of it already
    boolean put(Notice notice);

    /// What waits and is due, of every tenant, earliest first; at most `limit`.
    List<Notice> due(Instant now, int limit);

    /// Takes one to send it: nobody else does until `again`. @return false when another node was faster
    boolean take(Notice notice, Instant again);

    /// Forgets the words.
    void sent(Notice notice);

    /// It will not be tried again. Forgets the words.
    void failed(Notice notice, String fault);

    /// How many wait.
    long waiting();

    /// Removes those made before. @return how many
    int purge(Instant created);
}
