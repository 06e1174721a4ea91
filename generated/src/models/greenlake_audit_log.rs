untagged_union! {
    /// An audit log entry in one of two shapes, told apart by `user` and `audit_info`.
    pub enum GreenlakeAuditLog: "GreenlakeAuditLog" by anyOf, else Other {
        GreenlakeAuditEntry(super::GreenlakeAuditEntry, true, model),
        GreenlakeCatalogAuditEntry(super::GreenlakeCatalogAuditEntry, true, model),
    }
}
