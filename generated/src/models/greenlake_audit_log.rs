untagged_union! {
    /// An audit log entry in one of two shapes, told apart by `user` and `audit_info`.
    pub enum GreenlakeAuditLog: "GreenlakeAuditLog" by anyOf, else Other {
        GreenlakeAuditEntry(super::GreenlakeAuditEntry, false, model),
        GreenlakeCatalogAuditEntry(super::GreenlakeCatalogAuditEntry, false, model),
    }
}
