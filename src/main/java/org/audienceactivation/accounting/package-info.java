/**
 * What became of every record: outcomes, reason codes, and the books in which they must add up.
 *
 * <p>This room knows nothing of the others; all of them speak its words.
 */
package org.audienceactivation.accounting;
