"""What an auditor asks: how a case was, what each audience was shown, whether the history holds, who looked."""
