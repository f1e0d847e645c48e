/// Rules that say who is a member of a dynamic group (4.3): their language and its evaluation, pure. The caller brings
/// the facts about a user and the time.
package io.postern.domain.membership;
