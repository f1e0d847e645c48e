/// What a dry run of link translation finds: which links of an application lead inside, and what becomes of them.
@org.jspecify.annotations.NullMarked
package io.postern.domain.links;
