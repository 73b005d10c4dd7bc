/** The database auditor over real schemas: sound records pass, altered ones do not. May import whatever it audits. */
@org.jspecify.annotations.NullMarked
package org.jiaozi.lab.audit;
