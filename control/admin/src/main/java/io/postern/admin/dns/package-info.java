/// What the world's name service says: proofs of domains, and where names lead.
package io.postern.admin.dns;
